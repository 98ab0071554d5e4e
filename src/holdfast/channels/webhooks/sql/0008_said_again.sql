-- An attempt is recorded again where the commit of its record had no word; it counts once.

drop function if exists webhook_delivered(uuid, uuid, uuid, integer, integer, text, text, integer, text);
