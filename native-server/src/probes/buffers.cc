// Which parts of an operation the caller must keep, and how several buffers form one stream.
#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "probes/connection.h"
#include "probes/families.h"
#include "probes/operation.h"

namespace oversoak::probes {
namespace {

constexpr char kCanary = '\x5A';

// The array of WSABUF has its own pages; after the call any read, also one by the system, is an
// access violation.
void wsabuf_may_go(const Calls& calls, Findings& findings) {
  Connection connection;
  Pages array(sizeof(WSABUF));
  Operation operation(5);
  auto* buffer = reinterpret_cast<WSABUF*>(array.bytes().data());
  *buffer = {static_cast<ULONG>(operation.memory().size()), operation.memory().data()};
  const DWORD error = operation.issue(connection.ours.handle(), [&](LPWSAOVERLAPPED overlapped) {
    DWORD flags = 0;
    return calls.WSARecv(connection.ours.get(), buffer, 1, nullptr, &flags, overlapped, nullptr) ==
           0;
  });
  array.forbid();
  findings.expect(error == WSA_IO_PENDING, "the receive is pending when its WSABUF goes");
  connection.send_from_peer("hello", 5);
  const bool arrived = operation.completed_within(kPatienceMs) &&
                       std::string_view(operation.memory().data(), 5) == "hello";
  findings.figure("bytes", operation.completed() ? operation.bytes() : 0);
  findings.figure("arrivedWhole", arrived);
  findings.expect(arrived, "the data arrives in the buffer that the WSABUF named");
}

// That the two must be kept is shown the safe way round: they are kept, and it is seen that the
// system writes to both after the call has returned and with no other call made.
void buffer_is_written_later(const Calls& calls, Findings& findings) {
  Connection connection;
  Operation operation(5);
  std::fill(operation.memory().begin(), operation.memory().end(), kCanary);
  const DWORD error = operation.receive(calls, connection.ours.get());
  findings.expect(error == WSA_IO_PENDING, "the receive is pending");
  const auto untouched = [&] {
    return std::all_of(operation.memory().begin(), operation.memory().end(),
                       [](char byte) { return byte == kCanary; });
  };
  const ULONG_PTR status = operation.overlapped().Internal;
  findings.figure("untouchedAfterCall", untouched());
  findings.figure("statusAfterCall", status);
  findings.expect(untouched(), "the buffer is as it was when the call returns");
  connection.send_from_peer("hello", 5);
  const bool completed = operation.completed_within(kPatienceMs);
  const bool written = std::string_view(operation.memory().data(), 5) == "hello";
  const bool status_written = completed && operation.overlapped().Internal != status;
  findings.figure("bufferWrittenLater", written);
  findings.figure("overlappedWrittenLater", status_written);
  findings.expect(written && status_written, "the system writes to both later");
}

// Opposite of both: a receive into other memory, with another OVERLAPPED, so that ours are ours.
// It owns nothing beyond the call: the operation is cancelled before it returns.
int PASCAL receive_elsewhere(SOCKET socket, LPWSABUF, DWORD, LPDWORD, LPDWORD, LPWSAOVERLAPPED,
                             LPWSAOVERLAPPED_COMPLETION_ROUTINE) {
  const Calls system;
  Operation(64).receive(system, socket);
  WSASetLastError(WSA_IO_PENDING);
  return SOCKET_ERROR;
}

constexpr std::array<std::string_view, 3> kParts{"one ", "and two ", "and three"};
constexpr std::string_view kWhole = "one and two and three";

// The parts lie apart in memory, the last first.
std::array<WSABUF, 3> lay_out(std::span<char> memory) {
  std::array<WSABUF, 3> buffers;
  std::size_t end = memory.size();
  for (std::size_t i = 0; i < kParts.size(); ++i) {
    end -= kParts[i].size();
    buffers[i] = {static_cast<ULONG>(kParts[i].size()), memory.data() + end};
    end -= 1;
  }
  return buffers;
}

constexpr std::size_t kLaidOutBytes = kWhole.size() + kParts.size();

bool gathers(const Calls& calls, Connection& connection) {
  Operation operation(kLaidOutBytes);
  std::array<WSABUF, 3> buffers = lay_out(operation.memory());
  for (std::size_t i = 0; i < kParts.size(); ++i) {
    std::memcpy(buffers[i].buf, kParts[i].data(), kParts[i].size());
  }
  operation.issue(connection.ours.handle(), [&](LPWSAOVERLAPPED overlapped) {
    return calls.WSASend(connection.ours.get(), buffers.data(), 3, nullptr, 0, overlapped,
                         nullptr) == 0;
  });
  char received[kWhole.size()] = {};
  const int bytes = ::recv(connection.peer.get(), received, sizeof(received), MSG_WAITALL);
  return bytes == static_cast<int>(kWhole.size()) &&
         std::string_view(received, kWhole.size()) == kWhole &&
         operation.completed_within(kPatienceMs);
}

bool scatters(const Calls& calls, Connection& connection) {
  connection.send_from_peer(kWhole.data(), static_cast<int>(kWhole.size()));
  if (!readable(connection.ours.get(), kPatienceMs)) throw Inconclusive("the data did not come");
  Operation operation(kLaidOutBytes);
  std::array<WSABUF, 3> buffers = lay_out(operation.memory());
  operation.issue(connection.ours.handle(), [&](LPWSAOVERLAPPED overlapped) {
    DWORD flags = 0;
    return calls.WSARecv(connection.ours.get(), buffers.data(), 3, nullptr, &flags, overlapped,
                         nullptr) == 0;
  });
  if (!operation.completed_within(kPatienceMs)) return false;
  for (std::size_t i = 0; i < kParts.size(); ++i) {
    if (std::string_view(buffers[i].buf, buffers[i].len) != kParts[i]) return false;
  }
  return true;
}

void buffers_are_one_stream(const Calls& calls, Findings& findings) {
  Connection connection;
  const bool sent = gathers(calls, connection);
  const bool received = scatters(calls, connection);
  findings.figure("buffers", kParts.size());
  findings.figure("sentInOrder", sent);
  findings.figure("receivedInOrder", received);
  findings.expect(sent, "several buffers are sent as one stream, in their order");
  findings.expect(received, "a stream is received into several buffers, in their order");
}

// Opposite: the buffers go in the opposite order.
int PASCAL send_backwards(SOCKET socket, LPWSABUF buffers, DWORD count, LPDWORD bytes, DWORD flags,
                          LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
  std::reverse(buffers, buffers + count);
  return ::WSASend(socket, buffers, count, bytes, flags, overlapped, routine);
}

constexpr Probe kProbes[] = {
    {"wsabuf-may-be-discarded", wsabuf_may_go,
     [](Calls& calls) { calls.WSARecv = receive_elsewhere; }},
    {"buffer-is-written-later", buffer_is_written_later,
     [](Calls& calls) { calls.WSARecv = receive_elsewhere; }},
    {"buffers-are-one-stream", buffers_are_one_stream,
     [](Calls& calls) { calls.WSASend = send_backwards; }},
};

}  // namespace

Probes buffer_probes() { return kProbes; }

}  // namespace oversoak::probes
