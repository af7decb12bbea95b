import type { Language } from './language.ts'

/** The English texts, which all others translate. */
export const texts = {
  signedInAs: 'You are signed in as {user}.',

  signIn: 'Sign in',
  signInTo: 'Sign in to {product}',
  continueTo: 'to continue to {client}',
  errorTitle: 'Error: {title}',
  userName: 'User name',
  password: 'Password',
  or: 'or',
  continueWith: 'Continue with {provider}',
  wrong_password: 'The user name or the password is wrong.',
  too_many_attempts: 'There were too many attempts. Wait a few minutes, then try again.',
  provider_failed: 'Signing in there did not work. Try again, or choose another way.',

  allowTitle: 'Allow {client}?',
  wantsAccess: '{client} wants access to your {product} account',
  signInNext: 'If you allow it, you sign in with {provider} next.',
  unverifiedTitle: 'This app is not verified.',
  unverifiedText: 'It registered itself, and {product} has not checked its name or who made it.',
  onDeviceTitle: 'This app runs on this device.',
  onDeviceText: 'Continue only if you have just started connecting it yourself.',
  mayDo: 'What it may do',
  mayKnow: 'What it may know about you',
  newScope: 'new',
  asksFor: 'What you allow with it, as a whole',
  untick: 'Untick what you do not want to allow.',
  sentTo: 'You will be sent to',
  thisDevice: '{host} (this device)',
  accessEnds: 'Access ends',
  accessEndsAfter:
    'After {duration} at most, or as soon as you disconnect it under “Connected apps” in your {product} account.',
  accessEndsByHand: 'As soon as you disconnect it under “Connected apps” in your {product} account.',
  deny: 'Deny',
  allow: 'Allow',

  connectDevice: 'Connect a device',
  compareTitle: 'Is this the code on your device?',
  compareText: 'Continue only if you see it there yourself. If somebody sent you this link, close the page.',
  deviceCode: 'Code on your device',
  deviceCodeHint: 'Eight letters. Capitals and the dash do not matter.',
  continue: 'Continue',
  unknown_code: 'There is no such code, or it has expired. Compare it with the code on your device.',
  too_many_codes: 'Too many codes were entered. Wait five minutes, then try again.',
  otherDeviceTitle: 'This connects another device.',
  otherDeviceText: 'Continue only if you have it in front of you and it shows the code {code}.',
  deviceConnected: 'Your device is connected',
  deviceConnectedText: '{client} goes on by itself in a few seconds. You can close this page.',
  deviceEndHint: 'You can end its access at any time under “Connected apps” in your {product} account.',
  deviceDenied: 'Nothing was connected',
  deviceDeniedText: '{client} gets no access. You can close this page.',

  connectedApps: 'Connected apps',
  noApps: 'No app has access to your {product} account.',
  appsHaveAccess:
    'These apps have access to your {product} account. An app that you disconnect loses it at once, and has to ask you again.',
  connectedOn: 'Connected on {date}',
  notVerified: 'Not verified',
  disconnect: 'Disconnect',
  signOut: 'Sign out',

  signOutOf: 'Sign out of {product}?',
  asksToSignOut: '{client} asks to sign you out.',
  staySignedIn: 'Stay signed in',
  signedOut: 'You are signed out',
  signedOutText: 'You can close this page.',
  stillSignedIn: 'You are still signed in',

  goingBack: 'Going back to {client}',
  finishByHand: 'Press “Continue” to finish.',

  mentionCode: 'You can close this page. If you ask for help, mention this: {detail}',
  unknown_app: 'Unknown app',
  unknown_app_text: 'The app that sent you here is not registered with this server.',
  unchecked_app: 'This app could not be checked',
  unchecked_app_text:
    'The address that the app names itself by has no valid description of it, or could not be reached. Try again in a few minutes.',
  invalid_link: 'This link is not valid',
  invalid_link_text: 'The app that sent you here made a mistake. Go back to it and try again.',
  unanswerable_app: 'This app cannot be answered',
  unanswerable_app_text: 'The app wants the answer at an address that is not registered for it.',
  expired: 'This page has expired',
  expired_text: 'The request was answered or took too long. Start again from the app.',
  answered: 'Already answered',
  answered_text: 'This request was answered before. Start again from the app.',
  foreign_form: 'This form is not valid here',
  foreign_form_text: 'Your sign-in changed in between. Start again.',
  invalid_sign_in: 'This sign-in is not valid',
  invalid_sign_in_text:
    'It was used before, took too long, or was started in another browser. Start again from the app.',
  taken_code: 'This code is not yours',
  taken_code_text:
    'It was entered in another session. Enter it again here, or ask your device for a new one.',
  too_many: 'Too many attempts',
  too_many_text: 'Wait a few minutes, then start again from the app.',
  failed: 'Something went wrong here',
  failed_text: 'Please try again in a moment.',
}

/** The pages in English. Scopes are described as `defineScopes` and OpenID Connect name them. */
export const english: Language = { tag: 'en', messages: texts }
