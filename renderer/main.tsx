import './noEval.ts';
import { createRoot } from 'react-dom/client';
import { App } from './screens/app.tsx';
import { startWorkstation } from './workstation.ts';

const place = document.getElementById('root');
if (place !== null) createRoot(place).render(<App source={startWorkstation()} />);
