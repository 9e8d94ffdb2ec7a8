// The device: started by a button, asked for by the open page or by its next load.
#include "demo/client/site.hpp"

namespace claviger::demo {

void Site::add_device(http::Router& router) {
  add_action(router, "/device-start", "You want to connect a device.", &Site::start_device);
  add_action(router, "/device-stop", "You switch the device off.", &Site::stop_device);
}

Task<http::Response> Site::start_device(Visit visit) {
  visit->device.reset();
  auto wait = co_await device_.start(visit->log, false);
  const bool forgotten = !wait && wait.error().error == "invalid_client";
  if (forgotten) wait = co_await device_.start(visit->log, true);
  if (!wait) visit->notice = trouble(wait.error());
  if (wait) visit->device = std::move(*wait);
  co_return back_to_page(*visit);
}

Task<http::Response> Site::stop_device(Visit visit) {
  visit->device.reset();
  co_return back_to_page(*visit);
}

// RFC8628-3.5: never before the interval has passed, however often the page is loaded.
Task<void> Site::advance_device(Visit visit) {
  auto& device = visit->device;
  const bool waits = device && device->state == DeviceWait::State::waiting && !device->asking;
  if (!waits || clock_.now() < device->next) co_return;
  device->asking = true;
  auto now = co_await device_.poll(visit->log, *device);
  now.asking = false;
  // Switched off, or another one started meanwhile.
  if (!device || device->device_code != now.device_code) co_return;
  device = std::move(now);
  if (device->state == DeviceWait::State::waiting) {
    visit->happen("waiting", "", std::to_string(device->asked));
  } else {
    visit->happen("device", "", "");
  }
}

}  // namespace claviger::demo
