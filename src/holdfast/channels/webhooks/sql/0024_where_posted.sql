-- It has one more argument now: the address that was posted to.

drop function if exists webhook_delivered(uuid, uuid, uuid, integer, integer, text, text, integer, text, boolean);
