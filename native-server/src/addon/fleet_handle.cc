#include "addon/fleet_handle.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "addon/blocking.h"
#include "addon/fields.h"
#include "addon/plugin_handle.h"
#include "addon/program.h"
#include "addon/record.h"
#include "fleet/fleet.h"

namespace oversoak::addon {
namespace {

using fleet::ErrorEvidence;
using fleet::Fleet;
using fleet::FleetFigures;
using fleet::FleetOptions;
using fleet::Load;
using fleet::MeasuredFigures;
using fleet::MeasuredWindow;
using fleet::Pacing;
using fleet::SlowEcho;
using fleet::SlowReaders;
using fleet::StageRow;
using fleet::StageRows;

std::optional<Pacing> find_pacing(std::string_view name) {
  if (name == "constant") return Pacing::constant;
  if (name == "poisson") return Pacing::poisson;
  if (name == "closed") return Pacing::closed;
  return std::nullopt;
}

SlowReaders read_slow_readers(const Fields& fields) {
  return {fields.number("share"), fields.integer<std::uint64_t>("bytesPerSecond")};
}

fleet::SizeMix read_answers(const std::vector<Fields>& parts) {
  std::vector<fleet::SizeMix::Part> mix;
  for (const Fields& part : parts) {
    mix.push_back({part.number("share"),
                   {part.integer<std::size_t>("min"), part.integer<std::size_t>("max")}});
  }
  return fleet::SizeMix(std::move(mix));
}

FleetOptions read_options(const Fields& fields) {
  FleetOptions options;
  options.host = fields.text("host");
  options.port = fields.integer<std::uint16_t>("port");
  if (fields.has("program")) {
    options.program = read_program(fields.object("program"));
  } else if (fields.has("plugin")) {
    options.plugin = read_plugin(fields, "plugin");
  } else {
    options.protocol = fields.choice("protocol", wire::find_protocol);
  }
  options.sessions = fields.integer<std::size_t>("sessions");
  options.first_session = fields.integer<std::uint64_t>("firstSession");
  options.threads = fields.integer<std::size_t>("threads");
  options.ramp_up_seconds = fields.number("rampUpSeconds");
  options.min_frame_bytes = fields.integer<std::size_t>("minFrameBytes");
  options.max_frame_bytes = fields.integer<std::size_t>("maxFrameBytes");
  if (fields.has("responseBytes")) {
    options.answers = read_answers(fields.array("responseBytes"));
  }
  options.pacing = fields.choice("pacing", find_pacing);
  if (fields.has("ratePerSecond")) options.rate_per_second = fields.number("ratePerSecond");
  options.loop_delay_ms = fields.number("loopDelayMs");
  options.over_send = fields.integer<std::uint32_t>("overSend");
  options.echo_timeout_ms = fields.number("echoTimeoutMs");
  options.connect_timeout_ms = fields.number("connectTimeoutMs");
  options.disconnects_per_second = fields.number("disconnectsPerSecond");
  options.abortive_share = fields.number("abortiveShare");
  if (fields.has("slowReaders"))
    options.slow_readers = read_slow_readers(fields.object("slowReaders"));
  if (fields.has("zones")) {
    if (options.program || options.plugin || options.protocol != wire::Protocol::oversoak) {
      throw fields.wrong("zones", "left out: only the protocol \"oversoak\" has zones");
    }
    if (!options.answers.empty()) {
      throw fields.wrong("zones", "left out: not with responseBytes");
    }
    const Fields zones = fields.object("zones");
    const bool ticks = zones.number("ticksPerSecond") > 0;
    options.zones = fleet::Zones{zones.integer<std::uint64_t>("size"), zones.number("share"),
                                 ticks ? zones.integer<std::size_t>("tickBytes") : 0};
    if (options.zones->size == 0) throw zones.wrong("size", "1 or more");
  }
  if (fields.has("measurement")) {
    const Fields measurement = fields.object("measurement");
    options.measure_from_seconds = measurement.number("fromSeconds");
    options.measure_seconds = measurement.number("seconds");
    options.window_seconds = measurement.number("windowSeconds");
    options.drain_seconds = measurement.number("drainSeconds");
  }
  options.seed = fields.integer<std::uint64_t>("seed");
  return options;
}

Napi::Array stages_record(Napi::Env env, const StageRows& rows) {
  Napi::Array table = Napi::Array::New(env);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const StageRow& row = rows[i];
    if (row.count == 0) continue;
    table.Set(table.Length(),
              Record(env)
                  .set("atLeastNs", static_cast<double>(fleet::stage_row_at_least_ns(i)))
                  .count("count", row.count)
                  .set_each(fleet::kStageNames, row.sums_ns.by_class)
                  .object());
  }
  return table;
}

Napi::Array slowest_array(Napi::Env env, const std::vector<SlowEcho>& echoes) {
  Napi::Array array = Napi::Array::New(env, echoes.size());
  for (std::uint32_t i = 0; i < echoes.size(); ++i) {
    const SlowEcho& echo = echoes[i];
    array.Set(i,
              Record(env)
                  .count("session", echo.session)
                  .count("message", echo.message)
                  .set("intendedMachineMs", static_cast<double>(echo.intended_ns) / 1e6)
                  .set("stagesNs", Record(env).set_each(fleet::kStageNames, echo.times.by_stage_ns))
                  .object());
  }
  return array;
}

Record error_record(Napi::Env env, const ErrorEvidence& evidence) {
  const fleet::Mismatch& mismatch = evidence.mismatch;
  const auto index = static_cast<std::size_t>(evidence.error);
  Record record(env);
  record.set("class", fleet::kFleetErrorNames[index])
      .count("session", evidence.session)
      .set("atMachineMs", static_cast<double>(evidence.at_ns) / 1e6)
      .set("what", mismatch.what);
  // Unknown fields are omitted.
  if (evidence.local_port != 0) record.count("localPort", evidence.local_port);
  if (evidence.code) record.set("code", std::string_view(evidence.code.describe()));
  if (mismatch.message) record.count("message", *mismatch.message);
  if (mismatch.expected_message) record.count("expectedMessage", *mismatch.expected_message);
  if (mismatch.offset) record.count("offset", *mismatch.offset);
  if (mismatch.expected.size > 0) record.set("expectedHex", hex_of(mismatch.expected));
  if (mismatch.got.size > 0) record.set("gotHex", hex_of(mismatch.got));
  return record;
}

Napi::Array first_errors_array(Napi::Env env, const std::vector<ErrorEvidence>& errors) {
  Napi::Array array = Napi::Array::New(env, errors.size());
  for (std::uint32_t i = 0; i < errors.size(); ++i) {
    array.Set(i, error_record(env, errors[i]).object());
  }
  return array;
}

Record load_record(Napi::Env env, const Load<std::uint64_t>& load) {
  return Record(env)
      .count("due", load.due)
      .count("sent", load.sent)
      .count("held", load.held)
      .count("late", load.late)
      .count("echoed", load.echoed)
      .count("unanswered", load.unanswered)
      .count("reset", load.reset)
      .count("afterEnd", load.after_end)
      .count("disturbed", load.disturbed)
      .set("unsent", Record(env).set_each(fleet::kUnsentNames, load.unsent));
}

Record refusals_record(Napi::Env env, const MeasuredFigures& measured) {
  Record record(env);
  record.count("count", measured.refusals).set("seconds", measured.refused_seconds);
  if (measured.refusal) record.set("reason", std::string_view(measured.refusal.describe()));
  return record;
}

// A latency between two clocks is none.
Record ticks_record(Napi::Env env, const MeasuredFigures& measured) {
  const bool shared = measured.server_clock == fleet::ServerClock::shared;
  const std::uint64_t timed = shared ? measured.ticks : 0;
  Record record(env);
  record.count("count", timed)
      .count("untimed", measured.ticks + measured.ticks_untimed - timed)
      .set("clock", fleet::kServerClockNames[static_cast<std::size_t>(measured.server_clock)]);
  if (shared) record.set("latency", measured.latency_tick);
  return record;
}

Record deliveries_record(Napi::Env env, const MeasuredFigures& measured, bool ticks) {
  Record record(env);
  record.count("count", measured.deliveries)
      .count("untimed", measured.deliveries_untimed)
      .set("latency", measured.latency_delivery)
      .set("lastMember", measured.latency_last_member);
  if (ticks) record.set("ticks", ticks_record(env, measured));
  return record;
}

Record measured_record(Napi::Env env, const MeasuredFigures& measured,
                       const std::optional<fleet::Zones>& zones) {
  Record record(env);
  record.set("load", load_record(env, measured.load))
      .set("stalls",
           Record(env).count("count", measured.stalls).set("seconds", measured.stalled_seconds))
      .set("busySeconds", measured.busy_seconds)
      .put("connectsRefused", refusals_record(env, measured).object())
      .set("latency", Record(env)
                          .set("intended", measured.latency_intended)
                          .set("actual", measured.latency_actual)
                          .set("disturbed", measured.latency_disturbed)
                          .set("disturbedLeast", measured.latency_disturbed_least)
                          .set("sendLag", measured.send_lag))
      .put("stages", stages_record(env, measured.stages));
  if (zones) {
    record.set("deliveries", deliveries_record(env, measured, zones->tick_bytes > 0));
  }
  return record;
}

Napi::Array left_later_array(Napi::Env env, const MeasuredWindow& window) {
  Napi::Array array = Napi::Array::New(env, window.left_later.size());
  for (std::uint32_t i = 0; i < window.left_later.size(); ++i) {
    const auto& [windows, messages] = window.left_later[i];
    array.Set(i, Record(env).count("windows", windows).count("messages", messages).object());
  }
  return array;
}

Napi::Array windows_array(Napi::Env env, const std::vector<MeasuredWindow>& windows) {
  Napi::Array array = Napi::Array::New(env, windows.size());
  metrics::HistogramCounts intended(metrics::kHistogramBuckets);
  for (std::uint32_t i = 0; i < windows.size(); ++i) {
    const MeasuredWindow& window = windows[i];
    for (const auto& [bucket, count] : window.intended) intended[bucket] += count;
    array.Set(
        i, Record(env)
               .set("load", load_record(env, window.load))
               .put("leftLater", left_later_array(env, window))
               .set("errors", Record(env).set_each(fleet::kFleetErrorNames, window.errors.by_class))
               .set("busySeconds", static_cast<double>(window.busy_ns) * 1e-9)
               .set("intended", intended)
               .object());
    for (const auto& [bucket, count] : window.intended) intended[bucket] = 0;
  }
  return array;
}

std::uint64_t slow_readers(const FleetOptions& options) {
  return options.slow_readers ? options.slow_readers->count(options.sessions) : 0;
}

Record zones_record(Napi::Env env, const fleet::ZoneTotals& totals) {
  return Record(env)
      .count("joins", totals.joins)
      .count("leaves", totals.leaves)
      .count("deliveries", totals.deliveries)
      .count("own", totals.own)
      .count("skipped", totals.skipped)
      .count("ticks", totals.ticks);
}

Napi::Value snapshot(Napi::Env env, const Fleet& fleet) {
  const FleetFigures figures = fleet.figures();
  Record record(env);
  record.set("elapsedSeconds", figures.elapsed_seconds)
      .set("sessions", Record(env)
                           .count("requested", fleet.options().sessions)
                           .count("live", figures.live)
                           .count("connects", figures.connects)
                           .count("disconnects", figures.disconnects)
                           .count("aborts", figures.aborts)
                           .count("slowReaders", slow_readers(fleet.options())))
      .set("ledger", Record(env)
                         .count("sent", figures.sent)
                         .count("echoed", figures.echoed)
                         .count("inFlight", figures.in_flight)
                         .count("lostOnClose", figures.lost_on_close))
      .set("bytes",
           Record(env).count("received", figures.bytes_received).count("sent", figures.bytes_sent))
      .set("errors", Record(env).set_each(fleet::kFleetErrorNames, figures.errors.by_class))
      .set("measured", measured_record(env, figures.measured, fleet.options().zones))
      .count("slowEchoesLetGo", figures.slow_echoes_let_go)
      .put("threads", threads_record(env, figures.threads))
      .set("process", process_record(env));
  if (fleet.options().zones) record.set("zones", zones_record(env, figures.zones));
  return record.object();
}

}  // namespace

Napi::Value start_fleet(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) throw Napi::TypeError::New(env, "options: must be an object");
  const FleetOptions options = read_options(Fields(info[0].As<Napi::Object>(), ""));
  // Shared by the handle's functions; the last one to go stops it.
  const auto fleet = std::make_shared<Fleet>(options);
  return Record(env)
      .put("snapshot", Napi::Function::New(env,
                                           [fleet](const Napi::CallbackInfo& call) {
                                             return snapshot(call.Env(), *fleet);
                                           }))
      .put("takeSlowest", Napi::Function::New(env,
                                              [fleet](const Napi::CallbackInfo& call) {
                                                return slowest_array(call.Env(),
                                                                     fleet->take_slowest());
                                              }))
      .put("firstErrors", Napi::Function::New(env,
                                              [fleet](const Napi::CallbackInfo& call) {
                                                return first_errors_array(call.Env(),
                                                                          fleet->first_errors());
                                              }))
      .put("takeWindows", Napi::Function::New(env,
                                              [fleet](const Napi::CallbackInfo& call) {
                                                return windows_array(call.Env(),
                                                                     fleet->take_windows());
                                              }))
      .put(
          "finishSending",
          Napi::Function::New(env, [fleet](const Napi::CallbackInfo&) { fleet->finish_sending(); }))
      .put("stop", Napi::Function::New(
                       env,
                       [fleet](const Napi::CallbackInfo& call) -> Napi::Value {
                         if (!call[0].IsNumber()) {
                           throw Napi::TypeError::New(call.Env(), "drainSeconds: must be a number");
                         }
                         const double drain_seconds = call[0].As<Napi::Number>().DoubleValue();
                         return Blocking::start(
                             call.Env(), [fleet, drain_seconds] { fleet->stop(drain_seconds); },
                             [fleet](Napi::Env at) { return snapshot(at, *fleet); });
                       }))
      .object();
}

}  // namespace oversoak::addon
