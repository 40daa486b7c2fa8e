#include "os/foreign_call.h"

#include <windows.h>

#include <csignal>
#include <cstdio>

namespace oversoak::os {
namespace {

// Of this thread; null: its code is ours.
thread_local const char* called_code = nullptr;
thread_local const char* called_function = nullptr;

LPTOP_LEVEL_EXCEPTION_FILTER filter_before = nullptr;

void say(const char* kind, unsigned long code) noexcept {
  std::fprintf(stderr, "fatal: %s crashed in %s (%s 0x%lX)\n", called_code, called_function, kind,
               code);
  std::fflush(stderr);
}

// With the exit code that the exception gives a process, and without asking a debugger first.
LONG WINAPI on_crash(EXCEPTION_POINTERS* exception) {
  if (called_code != nullptr) {
    const DWORD code = exception->ExceptionRecord->ExceptionCode;
    say("exception", code);
    TerminateProcess(GetCurrentProcess(), code);
  }
  return filter_before == nullptr ? EXCEPTION_CONTINUE_SEARCH : filter_before(exception);
}

// abort() goes on when this returns, and ends the process.
void on_abort(int) {
  if (called_code != nullptr) say("abort", 0);
}

}  // namespace

ForeignCall::ForeignCall(const char* code, const char* function) noexcept {
  called_code = code;
  called_function = function;
}

ForeignCall::~ForeignCall() { called_code = nullptr; }

void report_foreign_crashes() noexcept {
  filter_before = SetUnhandledExceptionFilter(on_crash);
  std::signal(SIGABRT, on_abort);
}

}  // namespace oversoak::os
