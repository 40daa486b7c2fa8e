#pragma once

#include "io/notifier.h"
#include "io/windows/winsock.h"

namespace oversoak::io {

// The calls that the overlapped models share.
class Overlapped : public Notifier {
 public:
  void cancel(Channel& channel) noexcept final;

 protected:
  // The result of WSARecv or WSASend: no error if a completion follows, else the error.
  Error issued_with(Operation& operation, int result) noexcept;
};

// WSARecv and WSASend on the channel's own operation, as it is prepared; what they return. The
// WSABUF need not outlive the call, the bytes and the operation must.
int call_receive(Channel& channel, std::span<std::byte> into,
                 LPWSAOVERLAPPED_COMPLETION_ROUTINE routine = nullptr) noexcept;
int call_send(Channel& channel, std::span<const std::byte> bytes,
              LPWSAOVERLAPPED_COMPLETION_ROUTINE routine = nullptr) noexcept;

// Takes the result of an operation that is known to be complete.
Completion result_of(Operation& operation) noexcept;

}  // namespace oversoak::io
