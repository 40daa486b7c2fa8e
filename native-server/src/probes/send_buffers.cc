// Send buffers: what a send does while the socket's has room, and when it has none.
#include <algorithm>
#include <string>
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

// More than the buffers of both sides.
constexpr std::size_t kLongSendBytes = std::size_t{16} * 1024 * 1024;
constexpr DWORD kNothingComesMs = 500;

// The peer ends its side, which the system has the time to see, and then reads while more comes.
std::size_t end_and_read_peer(Connection& connection) {
  io::end_sending(connection.peer.get());
  Sleep(100);
  std::vector<char> into(std::size_t{64} * 1024);
  std::size_t arrived = 0;
  while (readable(connection.peer.get(), kNothingComesMs)) {
    const int bytes = ::recv(connection.peer.get(), into.data(), static_cast<int>(into.size()), 0);
    if (bytes <= 0) break;
    arrived += static_cast<std::size_t>(bytes);
  }
  return arrived;
}

void expect_all(Findings& findings, const char* row, std::size_t accepted, std::size_t arrived) {
  findings.figure(row, "acceptedBytes", accepted);
  findings.figure(row, "arrivedBytes", arrived);
  findings.expect(arrived == accepted, std::string(row) + ": all that was accepted arrives");
}

// The selected events make the socket non-blocking, and the system look for the peer's end.
void non_blocking_outlives(const Calls& calls, Findings& findings) {
  Connection connection;
  const Event event;
  if (calls.WSAEventSelect(connection.ours.get(), event.get(), FD_READ | FD_WRITE | FD_CLOSE) !=
      0) {
    cannot("WSAEventSelect");
  }
  const std::vector<char> bytes(1'000'003, 'x');
  std::size_t accepted = 0;
  while (accepted < kLongSendBytes) {
    const int sent =
        calls.send(connection.ours.get(), bytes.data(), static_cast<int>(bytes.size()), 0);
    if (sent <= 0) break;
    accepted += static_cast<std::size_t>(sent);
  }
  expect_all(findings, "non-blocking", accepted, end_and_read_peer(connection));
}

// The receive that is posted has the system look for the peer's end.
void overlapped_outlives(const Calls& calls, Findings& findings) {
  Connection connection;
  Operation receive(64);
  Operation send(kLongSendBytes);
  if (receive.receive(calls, connection.ours.get()) != WSA_IO_PENDING) too_late();
  const DWORD error = send.send(calls, connection.ours.get());
  if (error != 0 && error != WSA_IO_PENDING) throw Inconclusive("the send was refused");
  expect_all(findings, "overlapped", kLongSendBytes, end_and_read_peer(connection));
}

void send_outlives(const Calls& calls, Findings& findings) {
  non_blocking_outlives(calls, findings);
  overlapped_outlives(calls, findings);
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
    {"send-outlives-the-peers-end", send_outlives,
     [](Calls& calls) { calls.send = send_with_room; }},
};

}  // namespace

Probes send_buffer_probes() { return kProbes; }

}  // namespace oversoak::probes
