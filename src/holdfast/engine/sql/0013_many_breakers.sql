-- A breaker for each of many destinations: whoever keeps a probe looks at those that are tried only.

create index breakers_tried on breakers (probe) where probe is not null;
