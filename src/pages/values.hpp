// From a view to the names that its template uses. Every name is always set, an absent thing by
// false, so that a name which isn't there at all is a mistake that a test finds.
#pragma once
#include "pages/template.hpp"
#include "pages/views.hpp"

namespace claviger::pages {

Values login_values(const LoginView& view);
Values consent_values(const ConsentView& view);
Values error_values(const ErrorView& view);
Values explain_values(const ExplainView& view);
Values logout_values(const LogoutView& view);
Values logged_out_values(const LoggedOutView& view);
Values home_values(const HomeView& view);

// What the frame of every page needs: language, style sheet, icon.
void set_frame_values(Values& values, Locale locale);

}  // namespace claviger::pages
