#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace oversoak::os {

struct CpuSeconds {
  double user = 0;
  double kernel = 0;
  // Of a thread: what ran between two ticks of the clock counts here, too. Absent where the
  // platform does not report it.
  std::optional<std::uint64_t> cycles{};
};

struct NamedCpu {
  std::string name;
  CpuSeconds cpu;
};

// CPU time of one thread; still readable after the thread has ended.
class ThreadClock {
 public:
  ThreadClock() = default;
  ~ThreadClock();
  ThreadClock(const ThreadClock&) = delete;
  ThreadClock& operator=(const ThreadClock&) = delete;

  // The measured thread calls this once, before any reader.
  void attach_to_current_thread();

  // The same thread, as the last thing that it does. (Wine forgets the times of an ended thread.)
  void finish() noexcept;

  CpuSeconds read() const noexcept;

 private:
  std::uintptr_t thread_ = 0;  // the system's handle or number
  CpuSeconds final_;
  std::atomic<bool> finished_{false};  // publishes final_
};

struct ProcessFigures {
  CpuSeconds cpu;
  // Absent where the platform does not report it.
  std::optional<std::uint64_t> working_set_bytes;
  std::optional<std::uint64_t> private_bytes;
  std::optional<std::uint64_t> handles;
  std::optional<std::uint64_t> threads;
};

ProcessFigures read_process_figures();

// Logical processors that this process may run on: by its affinity, and over the processor groups
// of a machine with more than 64 as far as its threads are in them.
std::uint64_t usable_processors();

// Leaks a handle (Windows) or a file descriptor, on purpose: a planted fault.
void leak_handle() noexcept;

// "8.0" under Wine, nothing elsewhere.
std::optional<std::string> wine_version();

// "windows" or "linux": what this is built for.
const char* platform_name() noexcept;

// "10.0.22631", "6.1.0-18-amd64": as the kernel says (not as the manifest makes GetVersionEx say).
std::string system_version();

}  // namespace oversoak::os
