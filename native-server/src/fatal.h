#pragma once

#include <cstdio>
#include <cstdlib>

namespace oversoak {

// How the last line of a process that ends itself begins: by it the agent
// (agent/src/host/host-process.ts) tells the line from what others write to stderr. On a line of
// its own, whatever they wrote before.
inline constexpr char kFatal[] = "\noversoak: fatal: ";

// An impossible state: prints it and ends the process, so that no figure is based on it. The agent
// reports the exit.
[[noreturn]] inline void fatal(const char* what, unsigned long code = 0) {
  std::fprintf(stderr, "%simpossible state: %s (code %lu)\n", kFatal, what, code);
  std::fflush(stderr);
  std::abort();
}

}  // namespace oversoak
