-- Where jobs go that name no other queue.
select create_queue('default');
