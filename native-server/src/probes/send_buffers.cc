// Send buffers: what a send does while the socket's has room, and when it has none.
#include <algorithm>
#include <vector>

#include "probes/connection.h"
#include "probes/families.h"
#include "probes/operation.h"
#include "probes/stopwatch.h"

namespace oversoak::probes {
namespace {

constexpr int kBufferBytes = 16 * 1024;
constexpr int kChunkBytes = 4096;
// Far more than both sides' buffers: a send that still has room then never blocks.
constexpr std::size_t kMaxChunks = 16 * 1024;
constexpr DWORD kSendTimeoutMs = 200;
// A thread may wake early by a clock tick (15.6 ms).
constexpr double kBlockedMs = 180;

// The peer does not read; the socket's send timeout ends the call that blocks.
void blocking_send(const Calls& calls, Findings& findings) {
  Connection connection(kBufferBytes);
  const DWORD timeout_ms = kSendTimeoutMs;
  setsockopt(connection.ours.get(), SOL_SOCKET, SO_SNDTIMEO,
             reinterpret_cast<const char*>(&timeout_ms), sizeof(timeout_ms));
  const std::vector<char> chunk(kChunkBytes, 'x');
  double longest_us = 0;
  double blocked_ms = 0;
  std::size_t taken = 0;
  for (std::size_t i = 0; i < kMaxChunks && blocked_ms == 0; ++i) {
    const Stopwatch call;
    const int sent = calls.send(connection.ours.get(), chunk.data(), kChunkBytes, 0);
    const double call_us = call.us();
    if (sent == kChunkBytes && call_us < kBlockedMs * 1000) {
      taken += static_cast<std::size_t>(sent);
      longest_us = std::max(longest_us, call_us);
    } else {
      blocked_ms = call_us / 1000;
    }
  }
  findings.figure("takenBytes", taken);
  findings.figure("longestCallWithRoomUs", longest_us);
  findings.figure("callWithoutRoomMs", blocked_ms);
  findings.expect(taken >= kChunkBytes, "a send returns while the buffer has room");
  findings.expect(blocked_ms >= kBlockedMs, "a send blocks when the buffer has none");
}

// Reads the peer's side until the operation is complete or the time is over.
bool drain_until_complete(Connection& connection, const Operation& operation) {
  std::vector<char> into(kChunkBytes);
  const Stopwatch watch;
  while (!operation.completed() && watch.ms() < kPatienceMs) {
    if (readable(connection.peer.get(), 10)) {
      ::recv(connection.peer.get(), into.data(), kChunkBytes, 0);
    }
  }
  return operation.completed();
}

void overlapped_send(const Calls& calls, Findings& findings) {
  Connection connection(kBufferBytes);
  Operation operation(kChunkBytes);
  DWORD error = 0;
  std::size_t taken = 0;
  double call_us = 0;
  for (std::size_t i = 0; i < kMaxChunks && error == 0; ++i) {
    const Stopwatch call;
    error = operation.send(calls, connection.ours.get());
    call_us = call.us();
    // It may say pending and complete a moment later, while there is room.
    if (error == WSA_IO_PENDING && operation.completed_within(100)) error = 0;
    if (error == 0) taken += kChunkBytes;
  }
  findings.figure("takenBytes", taken);
  findings.figure("callWithoutRoomError", error);
  findings.figure("callWithoutRoomUs", call_us);
  const bool pends = error == WSA_IO_PENDING;
  findings.expect(pends, "the send without room goes pending");
  const bool completed = drain_until_complete(connection, operation);
  const bool whole = completed && operation.error() == 0 && operation.bytes() == kChunkBytes;
  findings.figure("completedAfterRead", pends && whole);
  findings.expect(whole, "it completes, whole, when the peer reads");
}

// Opposite: there is always room, for nothing is sent.
int PASCAL send_with_room(SOCKET, const char*, int size, int) { return size; }

int PASCAL overlapped_send_with_room(SOCKET, LPWSABUF buffers, DWORD, LPDWORD, DWORD,
                                     LPWSAOVERLAPPED overlapped,
                                     LPWSAOVERLAPPED_COMPLETION_ROUTINE) {
  overlapped->InternalHigh = buffers->len;
  return 0;
}

constexpr Probe kProbes[] = {
    {"blocking-send-needs-room", blocking_send, [](Calls& calls) { calls.send = send_with_room; }},
    {"overlapped-send-pends", overlapped_send,
     [](Calls& calls) { calls.WSASend = overlapped_send_with_room; }},
};

}  // namespace

Probes send_buffer_probes() { return kProbes; }

}  // namespace oversoak::probes
