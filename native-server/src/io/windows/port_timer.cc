#include "io/windows/port_timer.h"

#include <algorithm>

#include "fatal.h"
#include "os/clock.h"
#include "os/process.h"

namespace oversoak::io {
namespace {

// CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, which older headers lack.
constexpr DWORD kHighResolution = 0x00000002;
constexpr std::int64_t kNanosecondsPerTick = 100;

// NtCancelWaitCompletionPacket: the packet is tied to nothing, or is in the port already and stays.
constexpr LONG kNotTied = static_cast<LONG>(0xC0000120);  // STATUS_CANCELLED
constexpr LONG kOnItsWay = 0x00000103;                    // STATUS_PENDING

using CreatePacket = LONG(NTAPI*)(HANDLE* packet, ACCESS_MASK, void* attributes);
using AssociatePacket = LONG(NTAPI*)(HANDLE packet, HANDLE port, HANDLE target, void* key,
                                     void* overlapped, LONG status, ULONG_PTR information,
                                     BOOLEAN* already_signalled);
using CancelPacket = LONG(NTAPI*)(HANDLE packet, BOOLEAN remove_from_port);

template <typename Function>
Function find(const char* name) noexcept {
  const auto found = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), name);
  return reinterpret_cast<Function>(reinterpret_cast<void (*)()>(found));
}

// Documented, but declared in no header.
struct Functions {
  CreatePacket create = find<CreatePacket>("NtCreateWaitCompletionPacket");
  AssociatePacket associate = find<AssociatePacket>("NtAssociateWaitCompletionPacket");
  CancelPacket cancel = find<CancelPacket>("NtCancelWaitCompletionPacket");

  bool all() const noexcept {
    return create != nullptr && associate != nullptr && cancel != nullptr;
  }
};

const Functions& functions() noexcept {
  static const Functions found;
  return found;
}

}  // namespace

std::unique_ptr<PortTimer> PortTimer::make(HANDLE port) {
  // Wine keeps waitable timers in its server, in milliseconds.
  if (os::wine_version() || !functions().all()) return nullptr;
  const HANDLE timer = CreateWaitableTimerExW(nullptr, nullptr, kHighResolution, TIMER_ALL_ACCESS);
  if (timer == nullptr) return nullptr;
  HANDLE packet = nullptr;
  if (functions().create(&packet, GENERIC_ALL, nullptr) < 0) {
    CloseHandle(timer);
    return nullptr;
  }
  return std::unique_ptr<PortTimer>(new PortTimer(port, timer, packet));
}

PortTimer::~PortTimer() {
  CloseHandle(packet_);
  CloseHandle(timer_);
}

void PortTimer::set(std::int64_t at_ns) noexcept {
  if (at_ns == at_ns_) return;
  at_ns_ = at_ns;
  const LONG tied = functions().cancel(packet_, TRUE);
  if (tied == kOnItsWay) return;
  if (tied < 0 && tied != kNotTied) {
    fatal("NtCancelWaitCompletionPacket failed", static_cast<unsigned long>(tied));
  }
  // Negative: from now on. 0 would be a date, and signalled at once as well.
  LARGE_INTEGER ticks;
  ticks.QuadPart = std::min<std::int64_t>(-(at_ns - os::now_ns()) / kNanosecondsPerTick, -1);
  if (!SetWaitableTimerEx(timer_, &ticks, 0, nullptr, nullptr, nullptr, 0)) {
    fatal("SetWaitableTimerEx failed", GetLastError());
  }
  BOOLEAN already = FALSE;
  const LONG status =
      functions().associate(packet_, port_, timer_, nullptr, nullptr, 0, 0, &already);
  if (status < 0) {
    fatal("NtAssociateWaitCompletionPacket failed", static_cast<unsigned long>(status));
  }
}

}  // namespace oversoak::io
