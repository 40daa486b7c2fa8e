#pragma once

namespace oversoak::os {

// While one lives, a crash of its thread is reported on stderr as one of this code, and then ends
// the process as it would have. So is the end of the process, other than by _exit(), and on Linux
// that of the thread. One at a time on a thread. Costs a few stores.
class ForeignCall {
 public:
  // `code` completes "fatal: ... crashed in `function`". Both live as long as this.
  ForeignCall(const char* code, const char* function) noexcept;
  ~ForeignCall();
  ForeignCall(const ForeignCall&) = delete;
  ForeignCall& operator=(const ForeignCall&) = delete;
};

// Once in a process that loads code of others, before the first call of it.
void report_foreign_crashes() noexcept;

// From now on a crash in the module that has `address` is reported as one of this code, also where
// no call is open, as in a thread that it has started. JavaScript thread.
void know_foreign_code(const char* code, const void* address) noexcept;

// Ends the process with this line on stderr, and no other about the call that is open.
[[noreturn]] void end_process(const char* code, const char* did) noexcept;

}  // namespace oversoak::os
