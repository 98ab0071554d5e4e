"""A bounded chaos run: the real thing on loopback, hurt by a seeded plan, then held to its promise.

`python -m bench.storm --minutes 3 --seed 1`. The parts: `app` is the application that `holdfast up`
loads, with `paced` (schedules, limits) and `unsure` (what needs a person); `senders` and `client`
are those who ask, `sinks` those who are asked, `people` those who operate it; `hurts` is the plan;
`checks` compares what was acknowledged with what is there; `system` starts and finds the processes.
"""
