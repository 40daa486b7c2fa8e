#include "os/foreign_crash.h"

#include <link.h>
#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace oversoak::os {
namespace {

struct Crash {
  int signal;
  const char* name;
};
constexpr std::array<Crash, 5> kCrashes{{{SIGSEGV, "SIGSEGV"},
                                         {SIGBUS, "SIGBUS"},
                                         {SIGILL, "SIGILL"},
                                         {SIGFPE, "SIGFPE"},
                                         {SIGABRT, "SIGABRT"}}};
std::array<struct sigaction, kCrashes.size()> handlers_before;

const void* instruction_of(void* context) noexcept {
#if defined(__x86_64__)
  const auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  return reinterpret_cast<const void*>(registers[REG_RIP]);
#else
  static_cast<void>(context);
  return nullptr;
#endif
}

// Only calls that may be made in a signal handler. With the handler before in place again, the
// fault occurs once more, and does what it would have done.
void on_crash(int signal, siginfo_t*, void* context) {
  for (std::size_t i = 0; i < kCrashes.size(); ++i) {
    if (kCrashes[i].signal != signal) continue;
    report_crash(kCrashes[i].name, instruction_of(context));
    ::sigaction(signal, &handlers_before[i], nullptr);
  }
}

struct Search {
  std::uintptr_t address;
  CodeRange found{};
};

// 1 ends the search.
int look_at(dl_phdr_info* module, std::size_t, void* given) {
  auto& search = *static_cast<Search*>(given);
  CodeRange range{UINTPTR_MAX, 0};
  for (std::size_t i = 0; i < module->dlpi_phnum; ++i) {
    const auto& segment = module->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD) continue;
    const std::uintptr_t begin = module->dlpi_addr + segment.p_vaddr;
    range.begin = std::min(range.begin, begin);
    range.end = std::max(range.end, begin + segment.p_memsz);
  }
  if (search.address < range.begin || search.address >= range.end) return 0;
  search.found = range;
  return 1;
}

}  // namespace

void watch_crashes() noexcept {
  struct sigaction handler = {};
  handler.sa_sigaction = on_crash;
  handler.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&handler.sa_mask);
  for (std::size_t i = 0; i < kCrashes.size(); ++i) {
    ::sigaction(kCrashes[i].signal, &handler, &handlers_before[i]);
  }
}

void write_error(const char* text, std::size_t size) noexcept {
  // The process is about to end, whether or not somebody reads it.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text, size);
}

void abort_process() noexcept { std::abort(); }

CodeRange module_around(const void* address) noexcept {
  Search search{reinterpret_cast<std::uintptr_t>(address)};
  ::dl_iterate_phdr(look_at, &search);
  return search.found;
}

}  // namespace oversoak::os
