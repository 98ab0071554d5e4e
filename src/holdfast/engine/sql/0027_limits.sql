-- Functions of limits that are told more, or tell more, are made anew.
drop function if exists read_full_at(rate_wish[]);
drop function if exists lock_rates(rate_wish[]);
drop function if exists judge_rates(rate_wish[], bigint[], bigint);
drop function if exists write_rates(rate_wish[], bigint[], bigint[]);
