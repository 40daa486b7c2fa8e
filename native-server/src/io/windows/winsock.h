#pragma once

// One place for the order in which Windows wants its headers.
#include <winsock2.h>
//
#include <mswsock.h>
#include <windows.h>
#include <ws2tcpip.h>

namespace oversoak::io {

// ConnectEx is not exported; WSAIoctl returns its address, through any socket.
LPFN_CONNECTEX load_connect_ex(SOCKET socket) noexcept;

}  // namespace oversoak::io
