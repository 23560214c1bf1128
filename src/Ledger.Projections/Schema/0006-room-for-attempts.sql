-- The attempts of a job are inserted together and all reported on together. None of their indexes holds what a report changes, so the
-- new version of a row needs no entry in any of them as long as it finds room on its page; with a fifth of the page free, three of
-- four did not, and wrote four index entries each.
alter table ledger.attempts set (fillfactor = 50);
