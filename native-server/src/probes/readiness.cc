// Readiness against completion: what arriving data does when no receive is posted.
#include "os/windows/wine_desktop.h"
#include "probes/connection.h"
#include "probes/families.h"
#include "probes/operation.h"
#include "probes/stopwatch.h"

namespace oversoak::probes {
namespace {

constexpr DWORD kNothingComesMs = 100;

void completes_nothing(const Calls& calls, Findings& findings) {
  Connection connection;
  Port port;
  port.associate(connection.ours.handle());
  connection.send_from_peer("x", 1);
  if (!readable(connection.ours.get(), kPatienceMs)) throw Inconclusive("the data did not come");
  const bool none = !port.take(calls, kNothingComesMs);
  findings.figure("packetsWithoutReceive", !none);
  findings.expect(none, "data completes nothing while no receive is posted");
  Operation operation(64);
  operation.receive(calls, connection.ours.get());
  const auto packet = port.take(calls, kPatienceMs);
  const bool posted = packet && packet->overlapped == &operation.overlapped();
  findings.figure("packetsWithReceive", posted);
  findings.expect(posted, "a receive that is posted then completes with it");
}

// Opposite: the port says of itself that data has come.
BOOL WINAPI packet_of_arrival(HANDLE, LPDWORD bytes, PULONG_PTR, LPOVERLAPPED* overlapped, DWORD) {
  static OVERLAPPED nobodys;
  *bytes = 1;
  *overlapped = &nobodys;
  return TRUE;
}

// Common to the three readiness models: they report nothing before data arrives, and then report
// it. `reported(timeout_ms)` checks.
template <typename Reported>
void reports_arrival(Findings& findings, Connection& connection, Reported reported) {
  const bool early = reported(0);
  findings.figure("reportedBeforeData", early);
  findings.expect(!early, "nothing is reported before there is data");
  connection.send_from_peer("x", 1);
  const Stopwatch since_sent;
  const bool late = reported(kPatienceMs);
  findings.figure("reportedAfterData", late);
  findings.figure("reportedAfterUs", late ? std::optional(since_sent.us()) : std::nullopt);
  findings.expect(late, "arriving data is reported");
}

void select_reports(const Calls& calls, Findings& findings) {
  Connection connection;
  reports_arrival(findings, connection, [&](DWORD timeout_ms) {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(connection.ours.get(), &set);
    timeval timeout{static_cast<long>(timeout_ms / 1000), 0};
    return calls.select(0, &set, nullptr, nullptr, &timeout) == 1;
  });
}

void event_select_reports(const Calls& calls, Findings& findings) {
  Connection connection;
  const Event event;
  if (calls.WSAEventSelect(connection.ours.get(), event.get(), FD_READ) != 0) {
    cannot("WSAEventSelect");
  }
  reports_arrival(findings, connection, [&](DWORD timeout_ms) {
    WSANETWORKEVENTS events{};
    if (!event.wait(timeout_ms)) return false;
    WSAEnumNetworkEvents(connection.ours.get(), event.get(), &events);
    return (events.lNetworkEvents & FD_READ) != 0;
  });
}

// Takes messages and is never shown; its thread is the probe's.
class MessageWindow {
 public:
  MessageWindow() {
    os::await_desktop_of_wine();
    window_ = CreateWindowExW(0, L"STATIC", nullptr, 0, 0, 0, 0, 0, HWND_MESSAGE, nullptr, nullptr,
                              nullptr);
    if (window_ == nullptr) throw Unsupported("no window for messages can be made");
  }
  ~MessageWindow() { DestroyWindow(window_); }
  MessageWindow(const MessageWindow&) = delete;
  MessageWindow& operator=(const MessageWindow&) = delete;

  HWND get() const noexcept { return window_; }

  bool take(UINT number, DWORD timeout_ms, MSG& message) const noexcept {
    const Stopwatch watch;
    for (;;) {
      if (PeekMessageW(&message, window_, number, number, PM_REMOVE)) return true;
      const double left_ms = timeout_ms - watch.ms();
      if (left_ms <= 0) return false;
      MsgWaitForMultipleObjects(0, nullptr, FALSE, static_cast<DWORD>(left_ms) + 1, QS_ALLINPUT);
    }
  }

 private:
  HWND window_ = nullptr;
};

void async_select_reports(const Calls& calls, Findings& findings) {
  constexpr UINT kMessage = WM_APP;
  Connection connection;
  const MessageWindow window;
  if (calls.WSAAsyncSelect(connection.ours.get(), window.get(), kMessage, FD_READ) != 0) {
    cannot("WSAAsyncSelect");
  }
  reports_arrival(findings, connection, [&](DWORD timeout_ms) {
    MSG message;
    return window.take(kMessage, timeout_ms, message) && message.wParam == connection.ours.get() &&
           WSAGETSELECTEVENT(message.lParam) == FD_READ;
  });
}

// Opposite of each model: it accepts the socket and reports nothing.
constexpr Probe kProbes[] = {
    {"arrival-completes-nothing", completes_nothing,
     [](Calls& calls) { calls.GetQueuedCompletionStatus = packet_of_arrival; }},
    {"select-reports-arrival", select_reports,
     [](Calls& calls) {
       calls.select = [](int, fd_set*, fd_set*, fd_set*, auto*) -> int { return 0; };
     }},
    {"event-select-reports-arrival", event_select_reports,
     [](Calls& calls) { calls.WSAEventSelect = [](SOCKET, WSAEVENT, long) -> int { return 0; }; }},
    {"async-select-reports-arrival", async_select_reports,
     [](Calls& calls) {
       calls.WSAAsyncSelect = [](SOCKET, HWND, u_int, long) -> int { return 0; };
     }},
};

}  // namespace

Probes readiness_probes() { return kProbes; }

}  // namespace oversoak::probes
