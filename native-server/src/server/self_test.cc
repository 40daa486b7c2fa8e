#include "server/self_test.h"

#include <array>
#include <cstring>
#include <exception>

#include "server/server.h"
#include "wire/frame.h"

namespace oversoak::server {
namespace {

constexpr DWORD kTimeoutMs = 2000;
constexpr std::uint64_t kSequence = 7;

using Frame = std::array<std::byte, wire::kOverheadBytes + 8>;

// A plain blocking client: the test must not lean on what it tests.
std::optional<std::string> exchange(SOCKET socket, std::uint16_t port) {
  const auto failed = [](const char* what) {
    return std::string(what) +
           " failed: " + winsock::describe_error(static_cast<DWORD>(WSAGetLastError()));
  };
  sockaddr_in address;
  winsock::make_address("127.0.0.1", port, address);
  const DWORD timeout_ms = kTimeoutMs;
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, reinterpret_cast<const char*>(&timeout_ms),
             sizeof(timeout_ms));
  if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return failed("connect");
  }
  Frame frame;
  wire::build(frame, {kSequence}, std::array<std::byte, 8>{});
  if (send(socket, reinterpret_cast<const char*>(frame.data()), sizeof(frame), 0) !=
      static_cast<int>(sizeof(frame))) {
    return failed("send");
  }
  Frame echo;
  for (std::size_t received = 0; received < echo.size();) {
    const int bytes = recv(socket, reinterpret_cast<char*>(echo.data() + received),
                           static_cast<int>(echo.size() - received), 0);
    if (bytes == 0) return "the server closed the connection";
    if (bytes < 0) return failed("the echo");
    received += static_cast<std::size_t>(bytes);
  }
  const wire::Parsed parsed = wire::parse(echo, echo.size());
  const bool valid =
      parsed.status == wire::ParseStatus::complete && wire::header_of(echo).sequence == kSequence;
  return valid ? std::nullopt : std::optional<std::string>("the echo was not what was sent");
}

}  // namespace

std::optional<std::string> self_test(const notify::NotifierKind& notifier) {
  ServerOptions options;
  options.notifier = notifier;
  options.layout = *layout::find_layout("homo");
  options.host = "127.0.0.1";
  options.game.contents.resize(1);
  try {
    Server server(options);
    const SOCKET socket = winsock::open_tcp_socket();
    std::optional<std::string> problem = exchange(socket, server.port());
    closesocket(socket);
    return problem;
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace oversoak::server
