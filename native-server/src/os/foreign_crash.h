#pragma once

#include <cstddef>
#include <cstdint>

// What foreign_call.cc shares with the platform's foreign_crash.cc.
namespace oversoak::os {

// Says who crashed, if it was code of others. `how`: "SIGSEGV"; `address`: of the instruction. May
// be called in a signal handler.
bool report_crash(const char* how, const void* address) noexcept;

// The platform's: calls report_crash at each crash.
void watch_crashes() noexcept;

// The platform's: to stderr at once, without a lock, which a thread that was ended may hold.
void write_error(const char* text, std::size_t size) noexcept;

// The platform's: as abort() does, also while the process is ending already.
[[noreturn]] void abort_process() noexcept;

struct CodeRange {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
};
// The platform's: the module with the address; empty: there is none.
CodeRange module_around(const void* address) noexcept;

}  // namespace oversoak::os
