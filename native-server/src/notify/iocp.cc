#include "notify/iocp.h"

#include <limits>

#include "fatal.h"

namespace oversoak::notify {
namespace {

constexpr std::size_t kEntriesPerCall = 256;

}  // namespace

Iocp::Iocp(const IocpSettings& settings)
    : settings_(settings),
      port_(CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1)),
      entries_(kEntriesPerCall) {
  if (port_ == nullptr) fatal("CreateIoCompletionPort failed", GetLastError());
}

Iocp::~Iocp() { CloseHandle(port_); }

std::size_t Iocp::capacity() const noexcept { return std::numeric_limits<std::size_t>::max(); }

DWORD Iocp::open(Channel& channel) {
  const auto handle = reinterpret_cast<HANDLE>(channel.socket);
  if (CreateIoCompletionPort(handle, port_, 0, 0) == nullptr) return GetLastError();
  if (settings_.skip_on_success &&
      !SetFileCompletionNotificationModes(
          handle, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE)) {
    return GetLastError();
  }
  return 0;
}

void Iocp::close(Channel&) noexcept {}

DWORD Iocp::receive(Channel& channel, std::span<std::byte> into) {
  channel.receive.overlapped = {};
  return issue(channel.receive, call_receive(channel, into));
}

DWORD Iocp::send(Channel& channel, std::span<const std::byte> bytes) {
  channel.send.overlapped = {};
  return issue(channel.send, call_send(channel, bytes));
}

// Set as outstanding before the call: the notifier's thread may have the packet before it returns.
// (A content thread runs until every session is closed, so its exit cancels no send.)
DirectSend Iocp::send_from_any_thread(Channel& channel, std::span<const std::byte> bytes,
                                      OperationFigures& figures) {
  channel.send.overlapped = {};
  channel.send.outstanding = true;
  const int result = call_send(channel, bytes);
  const DWORD error = result == 0 ? 0 : static_cast<DWORD>(WSAGetLastError());
  if (error == WSA_IO_PENDING) {
    figures.pending.add();
    return {};
  }
  if (error != 0) {
    channel.send.outstanding = false;
    figures.failed.add();
    return {error, false};
  }
  figures.at_once.add();
  if (!settings_.skip_on_success) return {};
  channel.send.outstanding = false;
  return {0, true};
}

DWORD Iocp::connect(Channel& channel, LPFN_CONNECTEX connect_ex, const sockaddr_in& address) {
  channel.connect.overlapped = {};
  const BOOL done = connect_ex(channel.socket, reinterpret_cast<const sockaddr*>(&address),
                               sizeof(address), nullptr, 0, nullptr, &channel.connect.overlapped);
  const DWORD error = done ? 0 : static_cast<DWORD>(WSAGetLastError());
  if (error != 0 && error != ERROR_IO_PENDING) return error;
  channel.connect.outstanding = true;
  if (done && settings_.skip_on_success) done_at_once_.push_back(&channel.connect);
  return 0;
}

DWORD Iocp::issue(Operation& operation, int result) {
  const DWORD error = issued(operation, result);
  if (error == 0 && result == 0 && settings_.skip_on_success) done_at_once_.push_back(&operation);
  return error;
}

std::span<const Completion> Iocp::wait(DWORD timeout_ms) {
  batch_.clear();
  for (Operation* operation : done_at_once_) batch_.push_back(result_of(*operation));
  done_at_once_.clear();
  if (batch_.empty() || ++rounds_ >= settings_.inline_rounds) {
    rounds_ = 0;
    take_port(batch_.empty() ? timeout_ms : 0);
  }
  count_batch(batch_);
  return batch_;
}

void Iocp::take_port(DWORD timeout_ms) {
  ULONG removed = 0;
  if (!GetQueuedCompletionStatusEx(port_, entries_.data(), static_cast<ULONG>(entries_.size()),
                                   &removed, timeout_ms, FALSE)) {
    if (GetLastError() != WAIT_TIMEOUT) {
      fatal("GetQueuedCompletionStatusEx failed", GetLastError());
    }
    return;
  }
  for (ULONG i = 0; i < removed; ++i) {
    LPOVERLAPPED overlapped = entries_[i].lpOverlapped;
    if (overlapped == nullptr) continue;  // posted by wake()
    batch_.push_back(result_of(*reinterpret_cast<Operation*>(overlapped)));
  }
}

void Iocp::wake() noexcept {
  if (!PostQueuedCompletionStatus(port_, 0, 0, nullptr)) {
    fatal("PostQueuedCompletionStatus failed", GetLastError());
  }
}

}  // namespace oversoak::notify
