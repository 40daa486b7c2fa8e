#include "os/foreign_call.h"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstring>

namespace oversoak::os {
namespace {

// Of this thread; null: its code is ours.
thread_local const char* called_code = nullptr;
thread_local const char* called_function = nullptr;

struct Crash {
  int signal;
  const char* text;
};
constexpr std::array<Crash, 5> kCrashes{{{SIGSEGV, " (SIGSEGV)\n"},
                                         {SIGBUS, " (SIGBUS)\n"},
                                         {SIGILL, " (SIGILL)\n"},
                                         {SIGFPE, " (SIGFPE)\n"},
                                         {SIGABRT, " (SIGABRT)\n"}}};
std::array<struct sigaction, kCrashes.size()> handlers_before;

void put(const char* text) noexcept {
  // The process is about to end, whether or not somebody reads it.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text, std::strlen(text));
}

// Only calls that may be made in a signal handler. With the handler before in place again, the
// fault occurs once more, and does what it would have done.
void on_crash(int signal, siginfo_t*, void*) {
  for (std::size_t i = 0; i < kCrashes.size(); ++i) {
    if (kCrashes[i].signal != signal) continue;
    if (called_code != nullptr) {
      put("fatal: ");
      put(called_code);
      put(" crashed in ");
      put(called_function);
      put(kCrashes[i].text);
    }
    ::sigaction(signal, &handlers_before[i], nullptr);
  }
}

}  // namespace

ForeignCall::ForeignCall(const char* code, const char* function) noexcept {
  called_code = code;
  called_function = function;
}

ForeignCall::~ForeignCall() { called_code = nullptr; }

void report_foreign_crashes() noexcept {
  struct sigaction handler {};
  handler.sa_sigaction = on_crash;
  handler.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&handler.sa_mask);
  for (std::size_t i = 0; i < kCrashes.size(); ++i) {
    ::sigaction(kCrashes[i].signal, &handler, &handlers_before[i]);
  }
}

}  // namespace oversoak::os
