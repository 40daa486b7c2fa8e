#include "io/windows/async_select.h"

#include "fatal.h"
#include "io/windows/timeout.h"
#include "os/windows/wine_desktop.h"

namespace oversoak::io {
namespace {

constexpr UINT kWake = WM_APP;
constexpr UINT kFirstOfSlots = WM_APP + 1;
static_assert(kFirstOfSlots + AsyncSelect::kSessionsPerThread <= 0xC000, "WM_APP ends at 0xBFFF");

constexpr UINT message_of(const Channel& channel) noexcept {
  return kFirstOfSlots + static_cast<UINT>(channel.slot);
}

// Once for the process. It has no code of ours (messages are taken from the queue, not dispatched),
// so it can belong to the program whatever module this is in.
ATOM window_class() {
  static const ATOM registered = [] {
    os::await_desktop_of_wine();
    WNDCLASSEXW description{};
    description.cbSize = sizeof(description);
    description.lpfnWndProc = DefWindowProcW;
    description.hInstance = GetModuleHandleW(nullptr);
    description.lpszClassName = L"oversoak-async-select";
    const ATOM atom = RegisterClassExW(&description);
    if (atom == 0) fatal("RegisterClassEx failed", GetLastError());
    return atom;
  }();
  return registered;
}

}  // namespace

AsyncSelect::AsyncSelect()
    : window_(CreateWindowExW(0, MAKEINTATOM(window_class()), L"", 0, 0, 0, 0, 0, HWND_MESSAGE,
                              nullptr, GetModuleHandleW(nullptr), nullptr)) {
  if (window_ == nullptr) fatal("CreateWindowEx of a message-only window failed", GetLastError());
}

std::size_t AsyncSelect::capacity() const noexcept { return kSessionsPerThread; }

Error AsyncSelect::watch(Channel& channel) {
  if (channel.slot == kSessionsPerThread) fatal("a session too many on an async-select thread");
  const int result =
      WSAAsyncSelect(channel.socket, window_, message_of(channel), FD_READ | FD_WRITE | FD_CLOSE);
  return result == 0 ? Error() : Error::last();
}

void AsyncSelect::unwatch(Channel& channel) noexcept {
  WSAAsyncSelect(channel.socket, window_, 0, 0);
  const UINT number = message_of(channel);
  MSG message;
  while (PeekMessageW(&message, window_, number, number, PM_REMOVE)) {
  }
}

void AsyncSelect::poll(std::int64_t until_ns) {
  // Also for what was in the queue before, and looked at, but not taken.
  const DWORD result = MsgWaitForMultipleObjectsEx(0, nullptr, milliseconds_until(until_ns),
                                                   QS_ALLINPUT, MWMO_INPUTAVAILABLE);
  if (result == WAIT_FAILED) fatal("MsgWaitForMultipleObjectsEx failed", GetLastError());
  // Ends: a session's next FD_READ comes after a recv only, and a wait has one of each session.
  MSG message;
  while (PeekMessageW(&message, nullptr, 0, 0, PM_REMOVE)) take(message);
}

void AsyncSelect::take(const MSG& message) {
  if (message.hwnd != window_ || message.message < kWake) {
    DispatchMessageW(&message);
    return;
  }
  if (message.message == kWake) {
    woken();
    return;
  }
  const std::size_t slot = message.message - kFirstOfSlots;
  if (slot >= slots().size() || slots()[slot].channel == nullptr) return;  // outlived its session
  // The error codes of the events are not needed: the attempted call fails with the same one.
  switch (WSAGETSELECTEVENT(message.lParam)) {
    case FD_READ:
      readable(slot);
      return;
    case FD_WRITE:
      writable(slot);
      return;
    case FD_CLOSE:
      ended(slot);
      return;
  }
}

void AsyncSelect::interrupt() noexcept {
  if (PostMessageW(window_, kWake, 0, 0)) return;
  // The window is destroyed with its thread, which then needs no wake.
  if (GetLastError() != ERROR_INVALID_WINDOW_HANDLE) fatal("PostMessage failed", GetLastError());
}

}  // namespace oversoak::io
