// Which sockets are overlapped.
#include <atomic>

#include "probes/connection.h"
#include "probes/families.h"
#include "probes/later.h"
#include "probes/operation.h"
#include "probes/stopwatch.h"

namespace oversoak::probes {
namespace {

constexpr DWORD kDataAfterMs = 150;

struct Tried {
  DWORD error = 0;
  double call_ms = 0;
  bool before_data = false;
};

// An overlapped receive for which data comes after a while.
Tried receive(const Calls& calls, SOCKET made, const char* row, Findings& findings) {
  Connection connection{Socket(made)};
  const Event event;
  Operation operation(64, event.get());
  std::atomic<bool> sent{false};
  Tried tried;
  {
    const Later data(kDataAfterMs, [&] {
      sent = true;
      ::send(connection.peer.get(), "x", 1, 0);
    });
    const Stopwatch call;
    tried.error = operation.receive(calls, connection.ours.get());
    tried.call_ms = call.ms();
    tried.before_data = !sent;
    // It may have come back before and gone on after.
    if (tried.error == WSA_IO_PENDING && sent) too_late();
    operation.completed_within(kPatienceMs);
  }
  findings.figure(row, "callError", tried.error);
  findings.figure(row, "callMs", tried.call_ms);
  findings.figure(row, "returnedBeforeData", tried.before_data);
  return tried;
}

void socket_is_overlapped(const Calls& calls, Findings& findings) {
  const Tried plain =
      receive(calls, calls.socket(AF_INET, SOCK_STREAM, IPPROTO_TCP), "socket()", findings);
  findings.expect(plain.before_data && plain.error == WSA_IO_PENDING,
                  "a socket of socket() takes an overlapped receive");
  const auto made = [&](DWORD flags) {
    return calls.WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, flags);
  };
  const Tried with =
      receive(calls, made(WSA_FLAG_OVERLAPPED), "WSASocket, with the flag", findings);
  findings.expect(with.before_data && with.error == WSA_IO_PENDING,
                  "so does one of WSASocket with the flag");
  const Tried without = receive(calls, made(0), "WSASocket, without the flag", findings);
  findings.expect(!without.before_data || without.error != WSA_IO_PENDING,
                  "one of WSASocket without the flag does not");
}

constexpr Probe kProbes[] = {
    {"socket-is-overlapped", socket_is_overlapped,
     // Opposite: socket() leaves the flag out.
     [](Calls& calls) {
       calls.socket = [](int family, int type, int protocol) -> SOCKET {
         return ::WSASocketW(family, type, protocol, nullptr, 0, 0);
       };
     }},
};

}  // namespace

Probes socket_flag_probes() { return kProbes; }

}  // namespace oversoak::probes
