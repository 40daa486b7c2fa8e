#include "os/windows/metronome.h"

#include "fatal.h"
#include "os/clock.h"
#include "os/process.h"

namespace oversoak::os {
namespace {

// CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, which older headers lack.
constexpr DWORD kHighResolution = 0x00000002;
constexpr std::int64_t kNanosecondsPerTick = 100;

using WaitOnAddressUntil = LONG(NTAPI*)(const void*, const void*, SIZE_T, const LARGE_INTEGER*);

// WaitOnAddress takes milliseconds; what it rests on takes ticks of 100 ns.
WaitOnAddressUntil find_wait() {
  const auto found = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "RtlWaitOnAddress");
  if (found == nullptr) fatal("RtlWaitOnAddress is not there");
  return reinterpret_cast<WaitOnAddressUntil>(reinterpret_cast<void (*)()>(found));
}

// Negative: from now on.
LARGE_INTEGER ticks_from_now(std::int64_t left_ns) noexcept {
  LARGE_INTEGER ticks;
  ticks.QuadPart = -(left_ns / kNanosecondsPerTick);
  return ticks;
}

}  // namespace

Metronome::Metronome(std::function<void()> wake) : wake_(std::move(wake)) {
  // Wine keeps waitable timers in its server, in milliseconds.
  if (!os::wine_version()) {
    timer_ = CreateWaitableTimerExW(nullptr, nullptr, kHighResolution, TIMER_ALL_ACCESS);
  }
  if (timer_ != nullptr) {
    changed_ = CreateEventW(nullptr, FALSE, FALSE, nullptr);
    if (changed_ == nullptr) fatal("CreateEvent failed", GetLastError());
  }
  thread_ = std::thread([this] { run(); });
}

Metronome::~Metronome() {
  stopping_.store(true);
  change();
  thread_.join();
  if (timer_ != nullptr) CloseHandle(timer_);
  if (changed_ != nullptr) CloseHandle(changed_);
}

void Metronome::wake_at(std::int64_t at_ns) noexcept {
  const std::int64_t before_ns = at_ns_.exchange(at_ns);
  // One that sleeps too short looks again by itself.
  if (at_ns < before_ns) change();
}

void Metronome::change() noexcept {
  changes_.fetch_add(1);
  if (timer_ != nullptr) {
    SetEvent(changed_);
  } else {
    WakeByAddressSingle(&changes_);
  }
}

void Metronome::run() noexcept {
  while (!stopping_.load()) {
    const std::uint32_t changes = changes_.load();
    std::int64_t at_ns = at_ns_.load();
    if (at_ns != kNever_ns && at_ns <= os::now_ns()) {
      // Only once; a time that was set meanwhile stands.
      if (at_ns_.compare_exchange_strong(at_ns, kNever_ns)) wake_();
      continue;
    }
    sleep(changes, at_ns);
  }
}

// Until then, or until changes_ is another than it was.
void Metronome::sleep(std::uint32_t changes, std::int64_t until_ns) noexcept {
  const bool forever = until_ns == kNever_ns;
  const std::int64_t left_ns = forever ? 0 : until_ns - os::now_ns();
  if (!forever && left_ns <= 0) return;
  const LARGE_INTEGER ticks = ticks_from_now(left_ns);
  if (timer_ == nullptr) {
    static const WaitOnAddressUntil wait = find_wait();
    wait(&changes_, &changes, sizeof(changes), forever ? nullptr : &ticks);
    return;
  }
  if (!forever && !SetWaitableTimerEx(timer_, &ticks, 0, nullptr, nullptr, nullptr, 0)) {
    fatal("SetWaitableTimerEx failed", GetLastError());
  }
  const HANDLE both[] = {changed_, timer_};
  WaitForMultipleObjects(forever ? 1 : 2, both, FALSE, INFINITE);
}

}  // namespace oversoak::os
