-- Answers have no key: under a publication for all tables they could be neither erased nor deleted.
alter table email_answers replica identity full;
