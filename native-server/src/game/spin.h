#pragma once

namespace oversoak::game {

// Burns CPU time on the calling thread: counted turns of a loop, calibrated once per process, and
// not a wait for the clock. So a thread that is preempted meanwhile has still all of its work to
// do.
void burn_us(double work_us) noexcept;

// Calibrates now (a few milliseconds) instead of within the first message.
void calibrate_spin() noexcept;

}  // namespace oversoak::game
