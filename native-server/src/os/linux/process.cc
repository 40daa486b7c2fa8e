#include "os/process.h"

#include <dirent.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <fstream>
#include <sstream>

#include "fatal.h"

namespace oversoak::os {
namespace {

double seconds(const timeval& time) noexcept {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

CpuSeconds used_by(int who) noexcept {
  rusage usage{};
  getrusage(who, &usage);  // cannot fail for the callers' values
  return {seconds(usage.ru_utime), seconds(usage.ru_stime), {}};
}

// Clock ticks of a thread of this process in user mode and in the kernel; nothing once it is gone.
std::optional<CpuSeconds> ticks_of(std::uintptr_t thread) {
  std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  // Field 2, the name, is in brackets and may have spaces; utime and stime are 14 and 15.
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  CpuSeconds ticks;
  fields >> ticks.user >> ticks.kernel;
  static const auto per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  return CpuSeconds{ticks.user / per_second, ticks.kernel / per_second, {}};
}

// Less the one by which they are read.
std::optional<std::uint64_t> count_files() noexcept {
  DIR* folder = opendir("/proc/self/fd");
  if (folder == nullptr) return std::nullopt;
  std::uint64_t files = 0;
  while (const dirent* entry = readdir(folder)) {
    if (entry->d_name[0] != '.') ++files;
  }
  closedir(folder);
  return files - 1;
}

// The number behind a name in /proc/self/status: kilobytes, or a count.
struct Status {
  std::optional<std::uint64_t> anonymous_kb;
  std::optional<std::uint64_t> swapped_kb;
  std::optional<std::uint64_t> resident_kb;
  std::optional<std::uint64_t> threads;
};

Status read_status() {
  Status status;
  std::ifstream file("/proc/self/status");
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string name;
    std::uint64_t number = 0;
    if (!(words >> name >> number)) continue;
    if (name == "RssAnon:") status.anonymous_kb = number;
    if (name == "VmSwap:") status.swapped_kb = number;
    if (name == "VmRSS:") status.resident_kb = number;
    if (name == "Threads:") status.threads = number;
  }
  return status;
}

}  // namespace

ThreadClock::~ThreadClock() = default;

void ThreadClock::attach_to_current_thread() {
  thread_ = static_cast<std::uintptr_t>(syscall(SYS_gettid));
}

// Exact, by the thread itself.
void ThreadClock::finish() noexcept {
  final_ = used_by(RUSAGE_THREAD);
  finished_.store(true, std::memory_order_release);
}

CpuSeconds ThreadClock::read() const noexcept {
  if (finished_.load(std::memory_order_acquire)) return final_;
  if (thread_ == 0) return {};
  const auto ticks = ticks_of(thread_);
  if (ticks) return *ticks;
  // It has ended meanwhile.
  return finished_.load(std::memory_order_acquire) ? final_ : CpuSeconds{};
}

ProcessFigures read_process_figures() {
  constexpr std::uint64_t kKilobyte = 1024;
  ProcessFigures figures;
  figures.cpu = used_by(RUSAGE_SELF);
  const Status status = read_status();
  if (status.resident_kb) figures.working_set_bytes = *status.resident_kb * kKilobyte;
  if (status.anonymous_kb && status.swapped_kb) {
    figures.private_bytes = (*status.anonymous_kb + *status.swapped_kb) * kKilobyte;
  }
  figures.handles = count_files();
  figures.threads = status.threads;
  return figures;
}

std::uint64_t usable_processors() {
  cpu_set_t own;
  if (sched_getaffinity(0, sizeof(own), &own) != 0) {
    fatal("sched_getaffinity failed", static_cast<unsigned long>(errno));
  }
  return static_cast<std::uint64_t>(CPU_COUNT(&own));
}

void leak_handle() noexcept { eventfd(0, EFD_CLOEXEC); }

std::optional<std::string> wine_version() { return std::nullopt; }

const char* platform_name() noexcept { return "linux"; }

std::string system_version() {
  utsname system;
  if (uname(&system) != 0) fatal("uname failed", static_cast<unsigned long>(errno));
  return system.release;
}

}  // namespace oversoak::os
