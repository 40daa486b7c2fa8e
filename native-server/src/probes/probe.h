#pragma once

#include <span>

#include "probes/calls.h"
#include "probes/findings.h"

// A probe tests one claim on this machine and returns its findings. The catalogue in contracts has
// the claim, its sources in the lecture and in Windows' documentation, and the meaning of the
// figures; here is only the experiment.
//
// A probe runs on a thread that is made for it (run.cc), waits nowhere without a bound, joins every
// thread that it starts and gives back every handle and all memory before it returns. Its deadline
// is enforced by the process's parent: a probe that hangs is ended with its process.
namespace oversoak::probes {

struct Probe {
  const char* name;
  void (*run)(const Calls& calls, Findings& findings);
  // Plants the opposite of the claim.
  void (*plant_opposite)(Calls& calls);
};

using Probes = std::span<const Probe>;

}  // namespace oversoak::probes
