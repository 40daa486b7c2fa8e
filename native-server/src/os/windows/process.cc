#include "os/process.h"

#include <windows.h>
//
#include <psapi.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <numeric>
#include <vector>

#include "fatal.h"
#include "os/windows/processor_groups.h"

namespace oversoak::os {
namespace {

double seconds(const FILETIME& time) noexcept {
  ULARGE_INTEGER ticks;
  ticks.LowPart = time.dwLowDateTime;
  ticks.HighPart = time.dwHighDateTime;
  return static_cast<double>(ticks.QuadPart) * 1e-7;
}

template <typename Function>
Function ntdll_function(const char* name) noexcept {
  // By way of void(*)(): GCC warns at a direct cast between function types.
  const auto found = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), name);
  return reinterpret_cast<Function>(reinterpret_cast<void (*)()>(found));
}

// Goes through this process's threads only. The documented ways (a Toolhelp snapshot, the table of
// processes) copy every thread of the machine, each second. An ended thread is listed for as long
// as there is a handle of it, as a ThreadClock has.
std::optional<std::uint64_t> count_threads() {
  using GetNextThread = LONG(WINAPI*)(HANDLE, HANDLE, ACCESS_MASK, ULONG, ULONG, HANDLE*);
  const auto get_next = ntdll_function<GetNextThread>("NtGetNextThread");
  if (get_next == nullptr) return std::nullopt;
  std::uint64_t running = 0;
  HANDLE thread = nullptr;
  for (;;) {
    HANDLE next = nullptr;
    const LONG status = get_next(GetCurrentProcess(), thread, SYNCHRONIZE, 0, 0, &next);
    if (thread != nullptr) CloseHandle(thread);
    if (status != 0) return running;
    thread = next;
    if (WaitForSingleObject(thread, 0) == WAIT_TIMEOUT) ++running;
  }
}

// One of the table that NtQuerySystemInformation(SystemExtendedHandleInformation) fills, after a
// count and a reserved word.
struct HandleEntry {
  void* object;
  ULONG_PTR process_id;
  ULONG_PTR handle;
  ULONG access;
  USHORT creator;
  USHORT type;
  ULONG attributes;
  ULONG reserved;
};

// Counts the process's own in the table of all handles.
std::optional<std::uint64_t> count_handles_in_system_table() {
  using QuerySystemInformation = LONG(WINAPI*)(int, void*, ULONG, ULONG*);
  constexpr int kSystemExtendedHandleInformation = 64;
  constexpr auto kLengthMismatch = static_cast<LONG>(0xC0000004);
  constexpr std::size_t kHeaderWords = 2;
  constexpr std::size_t kWordsPerEntry = sizeof(HandleEntry) / sizeof(ULONG_PTR);
  const auto query = ntdll_function<QuerySystemInformation>("NtQuerySystemInformation");
  if (query == nullptr) return std::nullopt;
  std::vector<ULONG_PTR> table(8192);
  LONG status = kLengthMismatch;
  while (status == kLengthMismatch) {
    status = query(kSystemExtendedHandleInformation, table.data(),
                   static_cast<ULONG>(table.size() * sizeof(ULONG_PTR)), nullptr);
    if (status == kLengthMismatch) table.resize(2 * table.size());
  }
  if (status != 0) return std::nullopt;
  const std::size_t count =
      std::min<std::size_t>(table[0], (table.size() - kHeaderWords) / kWordsPerEntry);
  const ULONG_PTR self = GetCurrentProcessId();
  std::uint64_t handles = 0;
  for (std::size_t i = 0; i < count; ++i) {
    HandleEntry entry;
    std::memcpy(&entry, &table[kHeaderWords + i * kWordsPerEntry], sizeof(entry));
    if (entry.process_id == self) ++handles;
  }
  return handles;
}

std::optional<std::uint64_t> count_handles() {
  DWORD handles = 0;
  // Wine answers 0, which no process can have, but has the table. On Windows the table is large.
  if (GetProcessHandleCount(GetCurrentProcess(), &handles) && handles > 0) return handles;
  return count_handles_in_system_table();
}

}  // namespace

ThreadClock::~ThreadClock() {
  if (thread_ != 0) CloseHandle(reinterpret_cast<HANDLE>(thread_));
}

void ThreadClock::attach_to_current_thread() {
  HANDLE thread = nullptr;
  if (!DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &thread, 0,
                       FALSE, DUPLICATE_SAME_ACCESS)) {
    fatal("DuplicateHandle of the current thread failed", GetLastError());
  }
  thread_ = reinterpret_cast<std::uintptr_t>(thread);
}

void ThreadClock::finish() noexcept {
  final_ = read();
  finished_.store(true, std::memory_order_release);
}

CpuSeconds ThreadClock::read() const noexcept {
  if (finished_.load(std::memory_order_acquire)) return final_;
  FILETIME created, exited, kernel, user;
  const auto thread = reinterpret_cast<HANDLE>(thread_);
  if (thread == nullptr || !GetThreadTimes(thread, &created, &exited, &kernel, &user)) return {};
  CpuSeconds cpu{seconds(user), seconds(kernel)};
  ULONG64 cycles = 0;
  // Wine answers 0.
  if (QueryThreadCycleTime(thread, &cycles) && cycles > 0) cpu.cycles = cycles;
  return cpu;
}

ProcessFigures read_process_figures() {
  ProcessFigures figures;
  const HANDLE process = GetCurrentProcess();
  FILETIME created, exited, kernel, user;
  if (GetProcessTimes(process, &created, &exited, &kernel, &user)) {
    figures.cpu = {seconds(user), seconds(kernel)};
  }
  PROCESS_MEMORY_COUNTERS_EX memory{};
  if (GetProcessMemoryInfo(process, reinterpret_cast<PROCESS_MEMORY_COUNTERS*>(&memory),
                           sizeof(memory))) {
    figures.working_set_bytes = memory.WorkingSetSize;
    // Wine answers 0.
    if (memory.PrivateUsage > 0) figures.private_bytes = memory.PrivateUsage;
  }
  figures.handles = count_handles();
  figures.threads = count_threads();
  return figures;
}

std::uint64_t usable_processors() {
  std::array<USHORT, 64> groups{};
  auto count = static_cast<USHORT>(groups.size());
  if (only_group()) {
    const std::vector<std::size_t> all = processors_of_groups();
    return std::accumulate(all.begin(), all.end(), std::uint64_t{0});
  }
  if (GetProcessGroupAffinity(GetCurrentProcess(), &count, groups.data()) && count > 1) {
    std::uint64_t all = 0;
    for (USHORT i = 0; i < count; ++i) all += GetActiveProcessorCount(groups[i]);
    return all;
  }
  DWORD_PTR own = 0;
  DWORD_PTR system = 0;
  if (!GetProcessAffinityMask(GetCurrentProcess(), &own, &system) || own == 0) {
    fatal("GetProcessAffinityMask failed", GetLastError());
  }
  return static_cast<std::uint64_t>(std::popcount(own));
}

void leak_handle() noexcept { CreateEventW(nullptr, TRUE, FALSE, nullptr); }

std::optional<std::string> wine_version() {
  using GetVersion = const char*(CDECL*)();
  const auto get_version = ntdll_function<GetVersion>("wine_get_version");
  if (get_version == nullptr) return std::nullopt;
  return get_version();
}

const char* platform_name() noexcept { return "windows"; }

std::string system_version() {
  using GetVersion = LONG(WINAPI*)(OSVERSIONINFOW*);
  const auto get_version = ntdll_function<GetVersion>("RtlGetVersion");
  OSVERSIONINFOW info{};
  info.dwOSVersionInfoSize = sizeof(info);
  if (get_version == nullptr || get_version(&info) != 0) fatal("RtlGetVersion failed");
  return std::to_string(info.dwMajorVersion) + "." + std::to_string(info.dwMinorVersion) + "." +
         std::to_string(info.dwBuildNumber);
}

}  // namespace oversoak::os
