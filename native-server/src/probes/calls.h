#pragma once

#include "io/windows/winsock.h"

// The calls that the claims are about. A probe makes them through a table, so that a planted fault
// can stand in for one: with the opposite of its claim each probe must answer does-not-hold.
// clang-format off
#define OVERSOAK_PROBED_CALLS(each)                                                       \
  each(AcceptEx) each(CancelIoEx) each(CreateIoCompletionPort)                            \
  each(GetQueuedCompletionStatus) each(ReadFile) each(ReadFileEx) each(RegEnumKeyExW)     \
  each(RegGetValueW) each(RegOpenKeyExW) each(SetFileCompletionNotificationModes)         \
  each(SleepEx) each(WSACreateEvent) each(WSAEventSelect) each(WSAGetOverlappedResult)    \
  each(WSARecv) each(WSASend) each(WSASocketW) each(WSAWaitForMultipleEvents)             \
  each(WriteFile) each(WriteFileEx) each(accept) each(closesocket) each(recv) each(select) \
  each(send) each(socket)
// clang-format on

namespace oversoak::probes {

struct Calls {
  Calls();  // the system's

#define OVERSOAK_MEMBER(name) decltype(&::name) name;
  OVERSOAK_PROBED_CALLS(OVERSOAK_MEMBER)
#undef OVERSOAK_MEMBER
  // Deprecated in MSVC's headers, so its type is written out and only calls.cc names it.
  int(PASCAL* WSAAsyncSelect)(SOCKET, HWND, u_int, long);
  // Not exported: WSAIoctl returns its address, through the socket of each call.
  BOOL(PASCAL* ConnectEx)(SOCKET, const sockaddr*, int, void*, DWORD, DWORD*, OVERLAPPED*);
};

// A fault: every call blocks for ever.
void plant_hang(Calls& calls);

}  // namespace oversoak::probes
