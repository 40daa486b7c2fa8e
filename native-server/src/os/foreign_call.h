#pragma once

namespace oversoak::os {

// While one lives, a crash of its thread is reported on stderr as one of this code, and then ends
// the process as it would have. One at a time on a thread. Costs two stores.
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

}  // namespace oversoak::os
