//! Facts of queues, balancers, breakers and caches.

mod load;
mod trouble;
