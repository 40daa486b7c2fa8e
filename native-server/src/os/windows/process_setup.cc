#include "os/process_setup.h"

#include <windows.h>
//
#include <mmsystem.h>

#include <initializer_list>

namespace oversoak::os {
namespace {

// PROCESS_POWER_THROTTLING_STATE and its values, which older headers lack.
struct PowerThrottling {
  ULONG version = 1;
  ULONG control_mask = 0;  // what this process decides for itself
  ULONG state_mask = 0;    // of these: what is throttled
};
constexpr int kProcessPowerThrottling = 4;
constexpr ULONG kExecutionSpeed = 0x1;
constexpr ULONG kIgnoreTimerResolution = 0x4;  // since Windows 11

// A scheduled task is started below normal by default, and children inherit that
// (TaskSettings.Priority). A process with a higher priority keeps it.
void leave_low_priority() noexcept {
  const HANDLE self = GetCurrentProcess();
  const DWORD given = GetPriorityClass(self);
  if (given == BELOW_NORMAL_PRIORITY_CLASS || given == IDLE_PRIORITY_CLASS) {
    SetPriorityClass(self, NORMAL_PRIORITY_CLASS);
  }
}

// Waits and ticks are as coarse as 15.6 ms otherwise. Since Windows 10, version 2004, that counts
// for the calling process only (timeBeginPeriod). It ends with the process.
void request_fine_timers() noexcept { timeBeginPeriod(1); }

// Windows slows down processes that it takes for background work, and on 11 also ignores the timer
// resolution of those that own no visible window. Systems before 11 refuse the second flag, and
// with it the whole call.
void refuse_power_throttling() noexcept {
  using SetInformation = BOOL(WINAPI*)(HANDLE, int, void*, DWORD);
  const auto found = GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "SetProcessInformation");
  const auto set = reinterpret_cast<SetInformation>(reinterpret_cast<void (*)()>(found));
  if (set == nullptr) return;
  for (const ULONG flags : {kExecutionSpeed | kIgnoreTimerResolution, kExecutionSpeed}) {
    PowerThrottling none;
    none.control_mask = flags;
    if (set(GetCurrentProcess(), kProcessPowerThrottling, &none, sizeof(none))) return;
  }
}

}  // namespace

void set_up_process() noexcept {
  leave_low_priority();
  request_fine_timers();
  refuse_power_throttling();
}

}  // namespace oversoak::os
