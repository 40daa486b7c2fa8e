#include "probes/calls.h"

namespace oversoak::probes {
namespace {

BOOL PASCAL connect_ex(SOCKET socket, const sockaddr* name, int length, void* bytes, DWORD size,
                       DWORD* sent, OVERLAPPED* overlapped) {
  const LPFN_CONNECTEX found = io::load_connect_ex(socket);
  return found != nullptr && found(socket, name, length, bytes, size, sent, overlapped);
}

template <typename Result, typename... Arguments>
Result WINAPI hang(Arguments...) {
  for (;;) Sleep(INFINITE);
}

}  // namespace

Calls::Calls() {
#define OVERSOAK_SYSTEMS(name) name = &::name;
  OVERSOAK_PROBED_CALLS(OVERSOAK_SYSTEMS)
#undef OVERSOAK_SYSTEMS
  WSAAsyncSelect = &::WSAAsyncSelect;
  ConnectEx = &connect_ex;
}

void plant_hang(Calls& calls) {
#define OVERSOAK_HANG(name) calls.name = hang;
  OVERSOAK_PROBED_CALLS(OVERSOAK_HANG)
#undef OVERSOAK_HANG
  calls.WSAAsyncSelect = hang;
  calls.ConnectEx = hang;
}

}  // namespace oversoak::probes
