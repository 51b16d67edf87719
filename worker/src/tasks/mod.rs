//! Long tasks, whose progress is retained.
//!
//! | Topic | Who publishes | What |
//! | --- | --- | --- |
//! | `tasks/<id>/request` | anybody | `{"title","below","seconds"}`: count the primes below a number, in no less than so many seconds |
//! | `tasks/<id>/cancel` | anybody | anything |
//! | `tasks/<id>/progress` | the worker | retained: how far it is |
//! | `status/tasks` | the worker | retained, with a Will: whether it is there |
//!
//! `progress` is `{"title","below","seconds","status","percent","step","found","requestedAt","startedAt","updatedAt",
//! "reason"}`, where `status` is `queued`, `running`, `done`, `failed` or `cancelled`. Whoever subscribes late sees the
//! newest at once. The retained messages are all of the memory: a worker that was killed goes on where they say. While
//! it is away its Will says so, and what reads `running` is interrupted.

mod board;
mod primes;
mod progress;

pub(crate) use board::Tasks;
