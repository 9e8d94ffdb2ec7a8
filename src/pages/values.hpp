// From a view to the names that its template uses. Every name is always set, an absent thing by
// false, so that a name which isn't there at all is a mistake that a test finds.
#pragma once
#include <string>

#include "pages/pages.hpp"
#include "pages/template.hpp"

namespace claviger::pages {

Values login_values(const LoginView& view);
Values sign_up_values(const SignUpView& view);
Values account_values(const AccountView& view);
Values consent_values(const ConsentView& view);
Values device_entry_values(const DeviceEntryView& view);
Values device_confirm_values(const DeviceConfirmView& view);
Values device_done_values(const DeviceDoneView& view);
Values error_values(const ErrorView& view);
Values explain_values(const ExplainView& view);
Values form_post_values(const FormPostView& view);
Values logout_values(const LogoutView& view);
Values logout_frames_values(const LogoutFramesView& view);
Values logged_out_values(const LoggedOutView& view);
Values home_values(const HomeView& view);
Values check_session_values(std::string_view op_state_cookie);

// What the frame of every page needs: language, and the addresses of the assets by name
// ("claviger.css" is asset_claviger_css).
void set_frame_values(Values& values, Locale locale);

// Sets `name` and, for sections, `has_<name>`: to Mustache an empty string is true.
void set_text(Values& values, const std::string& name, const std::string& text);
// The same for a link: a path of ours, http or https; anything else ("javascript:") is no link
// (XS-01).
void set_link(Values& values, const std::string& name, const std::string& address);
bool is_web_address(std::string_view address);  // http or https

}  // namespace claviger::pages
