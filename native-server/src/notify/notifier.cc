#include "notify/notifier.h"

#include <type_traits>

#include "fatal.h"

namespace oversoak::notify {

static_assert(std::is_standard_layout_v<Operation> && offsetof(Operation, overlapped) == 0);

DirectSend Notifier::send_from_any_thread(Channel&, std::span<const std::byte>, OperationFigures&) {
  fatal("a send from a thread that this notifier does not let send");
}

DWORD Notifier::issued(Operation& operation, int result) noexcept {
  return issued_with(operation, result == 0 ? 0 : static_cast<DWORD>(WSAGetLastError()));
}

DWORD Notifier::issued_with(Operation& operation, DWORD error) noexcept {
  OperationFigures& figures = figures_of(operation.kind);
  if (error != 0 && error != WSA_IO_PENDING) {
    figures.failed.add();
    return error;
  }
  (error == 0 ? figures.at_once : figures.pending).add();
  operation.outstanding = true;
  return 0;
}

void Notifier::cancel(Channel& channel) noexcept {
  CancelIoEx(reinterpret_cast<HANDLE>(channel.socket), nullptr);
}

void Notifier::count_batch(std::span<const Completion> batch) noexcept {
  if (batch.empty()) return;
  figures_.batches.add();
  figures_.completions.add(batch.size());
  figures_.largest_batch.raise_to(batch.size());
  for (const Completion& completion : batch) {
    if (completion.error != 0) figures_of(completion.kind).failed.add();
  }
}

int call_receive(Channel& channel, std::span<std::byte> into,
                 LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) noexcept {
  WSABUF buffer{static_cast<ULONG>(into.size()), reinterpret_cast<CHAR*>(into.data())};
  DWORD flags = 0;
  return WSARecv(channel.socket, &buffer, 1, nullptr, &flags, &channel.receive.overlapped, routine);
}

int call_send(Channel& channel, std::span<const std::byte> bytes,
              LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) noexcept {
  WSABUF buffer{static_cast<ULONG>(bytes.size()),
                reinterpret_cast<CHAR*>(const_cast<std::byte*>(bytes.data()))};
  return WSASend(channel.socket, &buffer, 1, nullptr, 0, &channel.send.overlapped, routine);
}

Completion result_of(Operation& operation) noexcept {
  Completion completion{operation.channel, operation.kind};
  DWORD flags = 0;
  if (!WSAGetOverlappedResult(operation.channel->socket, &operation.overlapped, &completion.bytes,
                              FALSE, &flags)) {
    completion.error = static_cast<DWORD>(WSAGetLastError());
  }
  operation.outstanding = false;
  return completion;
}

}  // namespace oversoak::notify
