// Overlapped IO of files, and how it differs from that of sockets.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "probes/connection.h"
#include "probes/families.h"
#include "probes/operation.h"
#include "probes/stopwatch.h"
#include "probes/temporary_file.h"

namespace oversoak::probes {
namespace {

// A multiple of every sector, as unbuffered IO wants; Pages of this size begin where a page does.
constexpr std::size_t kBlockBytes = 4096;
constexpr std::size_t kOperations = 8;
// How long all of them together are waited for.
constexpr DWORD kReportMs = 1000;

enum class Work { cached_read, unbuffered_read, overwrite, extending_write };
enum class Notice { event, routine, port };

struct Row {
  Work work;
  Notice notice;
  const char* name;
};

constexpr Row kRows[] = {
    {Work::cached_read, Notice::event, "cached read, event"},
    {Work::cached_read, Notice::routine, "cached read, routine"},
    {Work::cached_read, Notice::port, "cached read, port"},
    {Work::unbuffered_read, Notice::event, "unbuffered read, event"},
    {Work::unbuffered_read, Notice::routine, "unbuffered read, routine"},
    {Work::unbuffered_read, Notice::port, "unbuffered read, port"},
    {Work::overwrite, Notice::event, "overwrite, event"},
    {Work::overwrite, Notice::routine, "overwrite, routine"},
    {Work::overwrite, Notice::port, "overwrite, port"},
    {Work::extending_write, Notice::event, "extending write, event"},
    {Work::extending_write, Notice::routine, "extending write, routine"},
    {Work::extending_write, Notice::port, "extending write, port"},
};

bool writes(Work work) { return work == Work::overwrite || work == Work::extending_write; }

void write_whole(const TemporaryFile& file, std::size_t blocks) {
  for (std::size_t i = 0; i < blocks; ++i) {
    const Event event;
    Operation operation(kBlockBytes, event.get());
    std::fill(operation.memory().begin(), operation.memory().end(), static_cast<char>('a' + i));
    operation.write(Calls(), file.get(), i * kBlockBytes);
    if (!operation.completed_within(kPatienceMs) || operation.error() != 0) {
      throw Inconclusive("the file could not be written");
    }
  }
}

struct Issued {
  Event event;
  Operation operation{kBlockBytes, event.get()};
};

using Batch = std::vector<std::unique_ptr<Issued>>;

DWORD issue(const Calls& calls, const Row& row, HANDLE file, Operation& operation,
            std::uint64_t offset) {
  const auto routine =
      row.notice == Notice::routine ? Operation::Routine::noted : Operation::Routine::none;
  return writes(row.work) ? operation.write(calls, file, offset, routine)
                          : operation.read(calls, file, offset, routine);
}

// The places of the operations in the order in which they were reported; those that never were are
// missing.
std::vector<std::size_t> reported_by_port(const Calls& calls, const Port& port,
                                          const Batch& batch) {
  std::vector<std::size_t> reported;
  while (reported.size() < batch.size()) {
    const auto packet = port.take(calls, kReportMs);
    if (!packet) break;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (&batch[i]->operation.overlapped() == packet->overlapped) reported.push_back(i);
    }
  }
  return reported;
}

std::vector<std::size_t> reported_by_routine(const Batch& batch) {
  const Stopwatch watch;
  const auto ran = [](const auto& issued) { return issued->operation.routine_ran_on(); };
  while (!std::all_of(batch.begin(), batch.end(), ran) && watch.ms() < kReportMs) {
    ::SleepEx(1, TRUE);
  }
  std::vector<std::size_t> reported;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (ran(batch[i])) reported.push_back(i);
  }
  std::sort(reported.begin(), reported.end(), [&](std::size_t a, std::size_t b) {
    return batch[a]->operation.routine_turn() < batch[b]->operation.routine_turn();
  });
  return reported;
}

// Events have no order: which one was signalled first is unknown.
std::vector<std::size_t> reported_by_event(const Batch& batch) {
  const Stopwatch watch;
  std::vector<std::size_t> reported;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const double left_ms = std::max(0.0, kReportMs - watch.ms());
    if (batch[i]->event.wait(static_cast<DWORD>(left_ms))) reported.push_back(i);
  }
  return reported;
}

std::vector<std::size_t> reported(const Calls& calls, Notice notice, const Port& port,
                                  const Batch& batch) {
  if (notice == Notice::port) return reported_by_port(calls, port, batch);
  return notice == Notice::routine ? reported_by_routine(batch) : reported_by_event(batch);
}

std::size_t out_of_order(const std::vector<std::size_t>& order) {
  std::size_t overtaken = 0;
  for (std::size_t i = 1; i < order.size(); ++i) overtaken += order[i] < order[i - 1];
  return overtaken;
}

// Issues all, one block each, and only then checks which were reported.
void try_row(const Calls& calls, const Row& row, Findings& findings) {
  const bool unbuffered = row.work == Work::unbuffered_read;
  TemporaryFile file(FILE_FLAG_OVERLAPPED | (unbuffered ? FILE_FLAG_NO_BUFFERING : 0));
  if (row.work != Work::extending_write) write_whole(file, kOperations);
  Port port;
  if (row.notice == Notice::port) port.associate(file.get());
  Batch batch;
  std::size_t pending = 0;
  std::size_t completed = 0;
  double calls_us = 0;
  for (std::size_t i = 0; i < kOperations; ++i) {
    Operation& operation = batch.emplace_back(std::make_unique<Issued>())->operation;
    const Stopwatch call;
    const DWORD error = issue(calls, row, file.get(), operation, i * kBlockBytes);
    calls_us += call.us();
    pending += error == ERROR_IO_PENDING;
    completed += operation.completed();
  }
  const std::vector<std::size_t> order = reported(calls, row.notice, port, batch);
  findings.figure(row.name, "operations", kOperations);
  // ReadFileEx and WriteFileEx do not say.
  findings.figure(
      row.name, "saidPending",
      row.notice == Notice::routine ? std::nullopt : std::optional(static_cast<double>(pending)));
  findings.figure(row.name, "completedOnReturn", completed);
  findings.figure(row.name, "meanCallUs", calls_us / kOperations);
  findings.figure(row.name, "reported", order.size());
  findings.figure(row.name, "reportedOutOfOrder",
                  row.notice == Notice::event
                      ? std::nullopt
                      : std::optional(static_cast<double>(out_of_order(order))));
  findings.expect(order.size() == kOperations, std::string("all are reported (") + row.name + ")");
}

void file_io_is_reported(const Calls& calls, Findings& findings) {
  for (const Row& row : kRows) try_row(calls, row, findings);
}

// Opposite: nothing is read and nothing reported.
BOOL WINAPI read_unreported(HANDLE, LPVOID, DWORD, LPDWORD, LPOVERLAPPED) { return TRUE; }

bool write_block(const Calls& calls, HANDLE file, Operation& operation, char content) {
  std::fill(operation.memory().begin(), operation.memory().end(), content);
  const DWORD error = operation.write(calls, file, 0);
  return error == 0 || error == ERROR_IO_PENDING;
}

void same_offset_in_file(const Calls& calls, Findings& findings) {
  TemporaryFile file(FILE_FLAG_OVERLAPPED);
  Issued first;
  Issued second;
  if (!write_block(calls, file.get(), first.operation, 'a') ||
      !write_block(calls, file.get(), second.operation, 'b') ||
      !first.operation.completed_within(kPatienceMs) ||
      !second.operation.completed_within(kPatienceMs)) {
    throw Inconclusive("the file could not be written");
  }
  Issued back;
  back.operation.read(Calls(), file.get(), 0);
  back.operation.completed_within(kPatienceMs);
  const auto content = back.operation.memory();
  const bool one = std::all_of(content.begin(), content.end(),
                               [&](char byte) { return byte == content.front(); });
  findings.figure("file", "writtenBytes", 2 * kBlockBytes);
  findings.figure("file", "arrivedBytes", file.size_bytes());
  findings.figure("file", "secondIsSeen", one && content.front() == 'b');
  findings.expect(file.size_bytes() == kBlockBytes, "two writes at one offset make one block");
}

void no_offset_in_socket(const Calls& calls, Findings& findings) {
  Connection connection;
  Issued first;
  Issued second;
  for (auto [issued, content] : {std::pair(&first, 'a'), std::pair(&second, 'b')}) {
    const auto memory = issued->operation.memory();
    std::fill(memory.begin(), memory.end(), content);
    issued->operation.send(calls, connection.ours.get());
  }
  std::vector<char> received(2 * kBlockBytes);
  const int bytes = ::recv(connection.peer.get(), received.data(),
                           static_cast<int>(received.size()), MSG_WAITALL);
  const bool in_order = bytes == static_cast<int>(received.size()) && received.front() == 'a' &&
                        received.back() == 'b';
  findings.figure("socket", "writtenBytes", 2 * kBlockBytes);
  findings.figure("socket", "arrivedBytes", bytes);
  findings.figure("socket", "secondIsSeen", in_order);
  findings.expect(in_order, "two sends arrive one after the other, whatever their offset");
}

void same_offset(const Calls& calls, Findings& findings) {
  same_offset_in_file(calls, findings);
  no_offset_in_socket(calls, findings);
}

// Opposite: a file is a stream, and what is written goes to its end.
BOOL WINAPI write_to_end(HANDLE file, LPCVOID bytes, DWORD size, LPDWORD written,
                         LPOVERLAPPED overlapped) {
  LARGE_INTEGER end{};
  GetFileSizeEx(file, &end);
  overlapped->Offset = end.LowPart;
  overlapped->OffsetHigh = static_cast<DWORD>(end.HighPart);
  return ::WriteFile(file, bytes, size, written, overlapped);
}

void reads_name_offset(const Calls& calls, Findings& findings) {
  TemporaryFile file(FILE_FLAG_OVERLAPPED);
  write_whole(file, 2);
  Connection connection;
  connection.send_from_peer(std::string(kBlockBytes, 'a').data(), kBlockBytes);
  connection.send_from_peer(std::string(kBlockBytes, 'b').data(), kBlockBytes);
  std::array<char, 2> of_file{};
  std::array<char, 2> of_socket{};
  for (std::size_t i = 0; i < 2; ++i) {
    Issued read;
    read.operation.read(calls, file.get(), 0);
    Operation received(kBlockBytes);
    received.issue(connection.ours.handle(), [&](LPWSAOVERLAPPED overlapped) {
      WSABUF buffer{kBlockBytes, received.memory().data()};
      DWORD flags = MSG_WAITALL;
      return calls.WSARecv(connection.ours.get(), &buffer, 1, nullptr, &flags, overlapped,
                           nullptr) == 0;
    });
    if (!read.operation.completed_within(kPatienceMs) || !received.completed_within(kPatienceMs)) {
      throw Inconclusive("what was written could not be read");
    }
    of_file[i] = read.operation.memory().front();
    of_socket[i] = received.memory().front();
  }
  findings.figure("file", "sameBytesAgain", of_file[0] == of_file[1]);
  findings.figure("socket", "sameBytesAgain", of_socket[0] == of_socket[1]);
  findings.expect(of_file == std::array{'a', 'a'}, "two reads at one offset give the same bytes");
  findings.expect(of_socket == std::array{'a', 'b'}, "two receives give one part after the other");
}

// Opposite: a read goes on where the last one ended.
BOOL WINAPI read_on(HANDLE file, LPVOID into, DWORD size, LPDWORD bytes, LPOVERLAPPED overlapped) {
  static std::atomic<DWORD> reads{0};
  overlapped->Offset = reads++ % 2 * size;
  return ::ReadFile(file, into, size, bytes, overlapped);
}

void needs_flag(const Calls& calls, Findings& findings) {
  const auto port_error = [&](const char* row, DWORD flags) {
    TemporaryFile file(flags);
    const HANDLE port = calls.CreateIoCompletionPort(file.get(), nullptr, 0, 1);
    const DWORD error = port == nullptr ? GetLastError() : 0;
    if (port != nullptr) CloseHandle(port);
    findings.figure(row, "portError", error);
    return error;
  };
  findings.expect(port_error("with the flag", FILE_FLAG_OVERLAPPED) == 0,
                  "a file opened with FILE_FLAG_OVERLAPPED takes a completion port");
  findings.expect(port_error("without the flag", 0) != 0, "a file opened without it takes none");
}

// Opposite: any file takes a port.
HANDLE WINAPI port_for_any(HANDLE, HANDLE, ULONG_PTR, DWORD threads) {
  return ::CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, threads);
}

constexpr Probe kProbes[] = {
    {"file-needs-overlapped-flag", needs_flag,
     [](Calls& calls) { calls.CreateIoCompletionPort = port_for_any; }},
    {"file-io-is-reported", file_io_is_reported,
     [](Calls& calls) { calls.ReadFile = read_unreported; }},
    {"same-offset-overwrites", same_offset, [](Calls& calls) { calls.WriteFile = write_to_end; }},
    {"reads-name-their-offset", reads_name_offset, [](Calls& calls) { calls.ReadFile = read_on; }},
};

}  // namespace

Probes file_io_probes() { return kProbes; }

}  // namespace oversoak::probes
