-- One table for all records, and the index of a sweep. Another name: replace gatewright_records everywhere.

create table if not exists "gatewright_records" (
  partition text not null,
  collection text not null,
  id text not null,
  value text not null,
  revision text not null,
  expires_at integer,
  sweep_at integer,
  primary key (partition, collection, id)
) strict;

create index if not exists "gatewright_records_sweep_at" on "gatewright_records" (sweep_at) where sweep_at is not null;
