#pragma once

#include "probes/probe.h"

namespace oversoak::probes {

// For tests: what stands in for the system's calls.
enum class Plant : std::uint8_t { nothing, opposite, hang };

// Runs a probe on a thread of its own and waits for it: without bound, for a planted hang. The
// thread's end takes with it what belongs to threads: queued routines, windows, messages.
Answer run(const Probe& probe, Plant plant);

}  // namespace oversoak::probes
