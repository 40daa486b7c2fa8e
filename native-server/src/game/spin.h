#pragma once

namespace oversoak::game {

// Burns CPU time on the calling thread: a counted loop, not a wait for the clock, so a thread that
// is preempted still has to do all of its work.
void burn_us(double work_us) noexcept;

// Turns of that loop in a microsecond; takes a few milliseconds.
double measure_turns_per_us() noexcept;

// What a microsecond of work is in this process from now on. An agent measures once and gives it to
// each of its servers: a process that measured for itself, while the machine was busy or cool,
// would do other work than the server that it is compared with.
void calibrate_spin(double turns_per_us) noexcept;

}  // namespace oversoak::game
