import './noEval.ts';
import { createRoot } from 'react-dom/client';
import { App } from './screens/app.tsx';
import { CrashBoundary, CrashPage } from './screens/crash.tsx';
import { startWorkstation } from './workstation.ts';

function page() {
  try {
    return (
      <CrashBoundary>
        <App source={startWorkstation()} />
      </CrashBoundary>
    );
  } catch (error) {
    reportError(error);
    return <CrashPage />;
  }
}

const place = document.getElementById('root');
if (place !== null) createRoot(place).render(page());
