#include "os/foreign_crash.h"

#include <windows.h>

// After windows.h, which it needs.
#include <psapi.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace oversoak::os {
namespace {

LPTOP_LEVEL_EXCEPTION_FILTER filter_before = nullptr;

// With the exit code that the exception gives a process, and without asking a debugger first.
LONG WINAPI on_crash(EXCEPTION_POINTERS* exception) {
  const EXCEPTION_RECORD& record = *exception->ExceptionRecord;
  std::array<char, 32> how{};
  std::snprintf(how.data(), how.size(), "exception 0x%lX", record.ExceptionCode);
  if (report_crash(how.data(), record.ExceptionAddress)) {
    TerminateProcess(GetCurrentProcess(), record.ExceptionCode);
  }
  return filter_before == nullptr ? EXCEPTION_CONTINUE_SEARCH : filter_before(exception);
}

// abort() goes on when this returns, and ends the process. Of a plug-in with a run-time library of
// its own it is another abort(), which the system alone reports.
void on_abort(int) { report_crash("abort", nullptr); }

}  // namespace

void watch_crashes() noexcept {
  filter_before = SetUnhandledExceptionFilter(on_crash);
  std::signal(SIGABRT, on_abort);
}

void write_error(const char* text, std::size_t size) noexcept {
  DWORD written = 0;
  WriteFile(GetStdHandle(STD_ERROR_HANDLE), text, static_cast<DWORD>(size), &written, nullptr);
}

// The exit code is that of abort(), which may wait for what a thread held that has ended.
void abort_process() noexcept {
  constexpr UINT kAborted = 3;
  TerminateProcess(GetCurrentProcess(), kAborted);
  std::abort();
}

CodeRange module_around(const void* address) noexcept {
  HMODULE module = nullptr;
  constexpr DWORD kFlags =
      GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
  if (!GetModuleHandleExW(kFlags, static_cast<const wchar_t*>(address), &module)) return {};
  MODULEINFO info{};
  if (!GetModuleInformation(GetCurrentProcess(), module, &info, sizeof info)) return {};
  const auto begin = reinterpret_cast<std::uintptr_t>(info.lpBaseOfDll);
  return {begin, begin + info.SizeOfImage};
}

}  // namespace oversoak::os
