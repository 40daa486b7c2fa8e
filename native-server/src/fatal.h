#pragma once

#include <cstdio>
#include <cstdlib>

namespace oversoak {

// An impossible state: says so and ends the process, so that no figure is made from it. The agent's
// supervision reports the exit.
[[noreturn]] inline void fatal(const char* what, unsigned long code = 0) {
  std::fprintf(stderr, "oversoak native server: impossible state: %s (code %lu)\n", what, code);
  std::fflush(stderr);
  std::abort();
}

}  // namespace oversoak
