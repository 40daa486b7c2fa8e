#include "io/windows/overlapped.h"

#include <type_traits>

namespace oversoak::io {

// The system's pointer to an operation is the pointer to ours.
static_assert(std::is_standard_layout_v<Operation> && offsetof(Operation, system) == 0);

namespace {

// Before this the socket of a ConnectEx is no connected one to shutdown and others.
void finish_connect(SOCKET socket) noexcept {
  setsockopt(socket, SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, nullptr, 0);
}

}  // namespace

void Overlapped::cancel(Channel& channel) noexcept {
  CancelIoEx(reinterpret_cast<HANDLE>(channel.socket), nullptr);
}

Error Overlapped::issued_with(Operation& operation, int result) noexcept {
  const Error error = result == 0 ? Error() : Error::last();
  if (error && error != Error(WSA_IO_PENDING)) {
    refused(operation);
    return error;
  }
  issued(operation, !error);
  return {};
}

int call_receive(Channel& channel, std::span<std::byte> into,
                 LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) noexcept {
  WSABUF buffer{static_cast<ULONG>(into.size()), reinterpret_cast<CHAR*>(into.data())};
  DWORD flags = 0;
  return WSARecv(channel.socket, &buffer, 1, nullptr, &flags, &channel.receive.system, routine);
}

int call_send(Channel& channel, std::span<const std::byte> bytes,
              LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) noexcept {
  WSABUF buffer{static_cast<ULONG>(bytes.size()),
                reinterpret_cast<CHAR*>(const_cast<std::byte*>(bytes.data()))};
  return WSASend(channel.socket, &buffer, 1, nullptr, 0, &channel.send.system, routine);
}

Completion result_of(Operation& operation) noexcept {
  Completion completion{operation.channel, operation.kind, 0, {}};
  DWORD bytes = 0;
  DWORD flags = 0;
  if (WSAGetOverlappedResult(operation.channel->socket, &operation.system, &bytes, FALSE, &flags)) {
    completion.bytes = bytes;
    if (operation.kind == OperationKind::connect) finish_connect(operation.channel->socket);
  } else {
    completion.error = Error::last();
  }
  operation.outstanding = false;
  return completion;
}

}  // namespace oversoak::io
