#pragma once

#include <span>

#include "probes/calls.h"
#include "probes/findings.h"

// A probe tries one claim on this machine and says what it saw. What the claim is, where the
// lecture and Windows' documentation say so, and what the figures mean stands in contracts'
// catalogue; here is only how it is tried.
//
// A probe runs on a thread that is made for it (run.cc), waits nowhere without a bound, joins every
// thread that it starts and gives back every handle and all memory before it returns. Its deadline
// is kept by whoever runs the process: a probe that hangs is ended with it.
namespace oversoak::probes {

struct Probe {
  const char* name;
  void (*run)(const Calls& calls, Findings& findings);
  // Plants the opposite of the claim.
  void (*plant_opposite)(Calls& calls);
};

using Probes = std::span<const Probe>;

}  // namespace oversoak::probes
