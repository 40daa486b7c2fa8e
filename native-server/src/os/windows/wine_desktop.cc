#include "os/windows/wine_desktop.h"

#include <windows.h>

#include <mutex>
#include <thread>

#include "os/process.h"

namespace oversoak::os {
namespace {

constexpr int kTries = 1000;
constexpr DWORD kPause_ms = 10;

bool can_make_window() noexcept {
  const HWND window = CreateWindowExW(0, L"STATIC", nullptr, 0, 0, 0, 0, 0, HWND_MESSAGE, nullptr,
                                      nullptr, nullptr);
  if (window == nullptr) return false;
  DestroyWindow(window);
  return true;
}

// Wine has no desktop before the first program asks for one; it then starts a process for it and
// gives that this one's standard error. The desktop outlives this process, so a reader of a pipe
// there would never see its end. It is started here with none to give.
//
// That process makes the desktop's window first, and the parent of message-only windows after it. A
// thread that asks in between remembers for ever that there is no parent, so each try has a thread
// of its own. The caller's first window fails if there is none after all tries.
void start_desktop() {
  const HANDLE standard_error = GetStdHandle(STD_ERROR_HANDLE);
  SetStdHandle(STD_ERROR_HANDLE, nullptr);
  bool ready = false;
  for (int tried = 0; !ready && tried < kTries; ++tried) {
    if (tried > 0) Sleep(kPause_ms);
    std::thread([&ready] { ready = can_make_window(); }).join();
  }
  SetStdHandle(STD_ERROR_HANDLE, standard_error);
}

}  // namespace

void await_desktop_of_wine() {
  static std::once_flag started;
  if (wine_version()) std::call_once(started, start_desktop);
}

}  // namespace oversoak::os
